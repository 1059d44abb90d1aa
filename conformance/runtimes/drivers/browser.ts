/** Runs a job in a page. The URL of the job is that of the page, with "/job" for "/page". */
import { overHost } from "../../over_host.ts";
import { DONE } from "../job.ts";
import { loadPortableSubject } from "../load_portable.ts";
import { runJob } from "../run_job.ts";

const { location, document } = globalThis as unknown as {
  location: { href: string };
  document: { querySelector(selector: string): { textContent: string } };
};
const job = location.href.replace("/page/", "/job/");
document.querySelector("output").textContent = await runJob(job, {
  load: loadPortableSubject,
  wire: overHost,
})
  .then(() => DONE, (error) => `Failed: ${error}`);
