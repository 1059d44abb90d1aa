import { test } from "node:test";
import { keySettings, onMachine, section, temporary, USER_KEYS } from "../support/machine.ts";

const WORK = temporary("work");
const CREDENTIALS = section("default", keySettings(USER_KEYS)) + section("work", keySettings(WORK));
const CONFIG = section("default", keySettings(USER_KEYS)) +
  section("profile work", keySettings(WORK));

test("variables move both files, and those in the home folder are ignored", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(".aws/credentials", section("default", keySettings(temporary("home"))));
    await write(".aws/config", section("profile work", keySettings(temporary("home"))));
    const none = await write("empty", "");
    const credentials = {
      AWS_SHARED_CREDENTIALS_FILE: await write("moved credentials", CREDENTIALS),
    };
    const config = { AWS_CONFIG_FILE: await write("moved config", CONFIG) };
    await signsAs(USER_KEYS, credentials);
    await signsAs(WORK, { ...credentials, AWS_PROFILE: "work" });
    await signsAs(WORK, { ...config, AWS_SHARED_CREDENTIALS_FILE: none, AWS_PROFILE: "work" });
  });
});

test("the credentials file takes precedence if both files have a profile", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(".aws/credentials", section("work", keySettings(WORK)));
    await write(".aws/config", section("profile work", keySettings(temporary("config"))));
    await signsAs(WORK, { AWS_PROFILE: "work" });
  });
});
