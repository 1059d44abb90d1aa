/** Runs a job in workerd. The URL of the job is a binding. */
import { overHost } from "../../over_host.ts";
import { loadPortableSubject } from "../load_portable.ts";
import { runJob } from "../run_job.ts";

export default {
  async test(_controller: unknown, { JOB }: { JOB: string }): Promise<void> {
    await runJob(JOB, { load: loadPortableSubject, wire: overHost });
  },
};
