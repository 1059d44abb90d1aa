import { test } from "node:test";
import {
  keySettings,
  keyVariables,
  onMachine,
  section,
  temporary,
  USER_KEYS,
} from "../support/machine.ts";

test("keys in variables sign, with and without a session token", async () => {
  await onMachine(async ({ signsAs }) => {
    await signsAs(USER_KEYS, keyVariables(USER_KEYS));
    await signsAs(temporary("session"), keyVariables(temporary("session")));
  });
});

test("keys in variables win over the default profile, and lose to AWS_PROFILE", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(
      ".aws/credentials",
      section("default", keySettings(temporary("default"))) +
        section("work", keySettings(temporary("work"))),
    );
    await signsAs(USER_KEYS, keyVariables(USER_KEYS));
    await signsAs(temporary("work"), { ...keyVariables(USER_KEYS), AWS_PROFILE: "work" });
  });
});

test("half a key pair in variables is passed over", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(".aws/credentials", section("default", keySettings(USER_KEYS)));
    await signsAs(USER_KEYS, { AWS_ACCESS_KEY_ID: "AKIAHALF" });
  });
});
