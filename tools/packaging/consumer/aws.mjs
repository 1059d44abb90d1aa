/** A program for a server that is bundled with the credential chain. */
import { bedrock } from "@mantle/bedrock/aws";

const env = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI" };
bedrock({ region: "us-west-2", env }).explain().then(({ auth }) => console.log(auth));
