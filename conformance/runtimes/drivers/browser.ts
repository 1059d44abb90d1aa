/** A page: the address of the job is its own, with "/job" in the place of "/page". */
import { overHost } from "../../wire.ts";
import { loadPortableSubject } from "../load_portable.ts";
import { runJob } from "../run_job.ts";

const { location } = globalThis as unknown as { location: { href: string } };
await runJob(location.href.replace("/page/", "/job/"), {
  load: loadPortableSubject,
  wire: overHost,
});
