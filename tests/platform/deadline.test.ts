import assert from "node:assert/strict";
import { test } from "node:test";
import { withDeadline } from "../../src/platform/deadline.ts";
import { rejects } from "../support/refusal.ts";

const never = () => new Promise<never>(() => {});
const SECOND = 1_000;

/** A signal that counts its listeners; some clients bring signals of their own. */
class CountingSignal extends EventTarget {
  aborted = false;
  reason: unknown;
  listeners = 0;
  override addEventListener(...call: Parameters<EventTarget["addEventListener"]>) {
    this.listeners++;
    super.addEventListener(...call);
  }
  override removeEventListener(...call: Parameters<EventTarget["removeEventListener"]>) {
    this.listeners--;
    super.removeEventListener(...call);
  }
  abort(reason: unknown) {
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent(new Event("abort"));
  }
}

const counting = () => {
  const signal = new CountingSignal();
  return { signal, signals: [signal as unknown as AbortSignal] };
};

test("without a limit only the signals end the wait", async () => {
  const late = () => new Promise((resolve) => setTimeout(resolve, 20, "late"));
  assert.equal(await withDeadline(late, []), "late");
});

test("a lookup that aborts its own signal, and then hangs, is not waited for", async () => {
  const { signal, signals } = counting();
  const wait = withDeadline(() => (signal.abort("enough"), never()), signals, SECOND);
  await assert.rejects(wait, (error) => error === "enough");
  assert.equal(signal.listeners, 0);
});

test("no listener is left behind, however the wait ends", async () => {
  const endings: [() => Promise<unknown>, (signal: CountingSignal) => void][] = [
    [async () => "found", () => {}],
    [() => Promise.reject(new Error("failed")), () => {}],
    [() => {
      throw new Error("failed at once");
    }, () => {}],
    [never, (signal) => setTimeout(() => signal.abort("stop"), 1)],
    [never, () => {}],
  ];
  for (const [lookUp, act] of endings) {
    const { signal, signals } = counting();
    act(signal);
    await withDeadline(lookUp, signals, 20).catch(() => {});
    assert.equal(signal.listeners, 0);
  }
});

test("a lookup that takes too long times out", async () => {
  await rejects(withDeadline(never, [], 5), "credentials_timeout", "timed out after 5 ms");
});

test("limits also apply to promises of another class", async () => {
  const lookUp = () => ({ then: (found: () => void) => void setTimeout(found, 50) });
  const kind = lookUp as unknown as () => Promise<void>;
  await rejects(withDeadline(kind, [], 5), "credentials_timeout");
  const { signal, signals } = counting();
  setTimeout(() => signal.abort("stop"), 1);
  await assert.rejects(withDeadline(kind, signals, SECOND), (error) => error === "stop");
});

test("a lookup that fails after an abort is not an unhandled rejection", async () => {
  const { signal, signals } = counting();
  const lookUp = () => new Promise((_, reject) => setTimeout(reject, 10, new Error("late")));
  setTimeout(() => signal.abort("stop"), 1);
  await assert.rejects(withDeadline(lookUp, signals, SECOND), (error) => error === "stop");
  await new Promise((resolve) => setTimeout(resolve, 20));
});
