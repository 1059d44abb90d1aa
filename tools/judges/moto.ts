import { AwsV4Signer } from "aws4fetch";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** The version that is installed, and that the claims were seen with. */
export const MOTO_VERSION = "5.2.5";

/** The folder that the task installs Python packages in. */
export const JUDGES_FOLDER = "out/judges";

/** Finds moto's server: what `MOTO_SERVER` names, or what the task has installed. */
export function findMoto(): string | undefined {
  const installed = join(JUDGES_FOLDER, "bin", "moto_server");
  return process.env.MOTO_SERVER ?? (existsSync(installed) ? installed : undefined);
}

/** A server of moto, which judges signatures, external ids and policies. */
export interface Moto {
  readonly url: string;
  /** Keys of a user who may call STS and nothing else. */
  readonly user: Keys;
  /** Keys of a user without any policy. */
  readonly powerless: Keys;
  /** Turns the checks of signatures and policies on or off; while they are on, moto refuses unsigned requests. */
  check(isOn: boolean): Promise<void>;
}

/** AWS keys. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The role that the user may assume with the external id `handshake`. */
export const ROLE = "arn:aws:iam::123456789012:role/judged";

/** The role that sessions of the first may assume. */
export const NEXT_ROLE = "arn:aws:iam::123456789012:role/next";

/** Starts a server with users and roles, and stops it after `run`. */
export async function withMoto(path: string, run: (moto: Moto) => Promise<void>): Promise<void> {
  // It decides on checks when it starts, and by a request of its own
  const env = { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: "1000000" };
  const child = spawn(path, ["-p", "0"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    await run(await setUp(await urlOf(child)));
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

function urlOf({ stdout, stderr }: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    for (const stream of [stdout!, stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const [, url] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
        if (url) resolve(url);
      }).once("end", () => reject(new Error(`moto ended: ${said}`)));
    }
  });
}

async function setUp(url: string): Promise<Moto> {
  const check = async (isOn: boolean) => {
    const body = isOn ? "0" : "1000000";
    await fetch(`${url}/moto-api/reset-auth`, { method: "POST", body });
  };
  const call = (parameters: Record<string, string>) => callIam(url, parameters);
  const allowSts = policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  const [user, powerless] = [await createUser(call, "user"), await createUser(call, "powerless")];
  const own = { PolicyName: "sts", PolicyDocument: allowSts };
  await call({ Action: "PutUserPolicy", UserName: "user", ...own });
  const condition = { StringEquals: { "sts:ExternalId": "handshake" } };
  const trusts = {
    judged: trust("iam::123456789012:user/user", condition),
    // moto knows a caller by the ARN of its session, which AWS does not ask for
    next: trust("sts::123456789012:assumed-role/judged/first"),
  };
  for (const [RoleName, AssumeRolePolicyDocument] of Object.entries(trusts)) {
    await call({ Action: "CreateRole", RoleName, AssumeRolePolicyDocument });
    await call({ Action: "PutRolePolicy", RoleName, ...own });
  }
  return { url, user, powerless, check };
}

type CallIam = (parameters: Record<string, string>) => Promise<string>;

async function createUser(call: CallIam, UserName: string): Promise<Keys> {
  await call({ Action: "CreateUser", UserName });
  const created = await call({ Action: "CreateAccessKey", UserName });
  const read = (name: string) => created.split(`<${name}>`)[1]?.split("<")[0] ?? "";
  return { accessKeyId: read("AccessKeyId"), secretAccessKey: read("SecretAccessKey") };
}

function trust(principal: string, Condition: object = {}): string {
  const Principal = { AWS: `arn:aws:${principal}` };
  return policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition });
}

function policy(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** Signed by aws4fetch, as nothing of this project may set its own judge up. */
async function callIam(url: string, parameters: Record<string, string>): Promise<string> {
  const { url: signed, method, headers, body } = await new AwsV4Signer({
    method: "POST",
    url: `${url}/`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Version: "2010-05-08", ...parameters }).toString(),
    accessKeyId: "root",
    secretAccessKey: "root",
    region: "us-east-1",
    service: "iam",
  }).sign();
  const response = await fetch(signed, { method, headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`moto refused ${parameters.Action}: ${text}`);
  return text;
}
