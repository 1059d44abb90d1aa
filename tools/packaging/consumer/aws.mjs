/** What is bundled for a server: the credential chain is in it. */
import { bedrock } from "@mantle/bedrock/aws";

const env = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI" };
bedrock({ region: "us-west-2", env }).explain().then(({ auth }) => console.log(auth));
