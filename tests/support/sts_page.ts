/// <reference lib="dom" />
import { askWithBoth } from "./sts_portable.ts";

const output = document.querySelector("p")!;
try {
  output.id = await askWithBoth(JSON.parse(document.querySelector("#setup")!.textContent!));
} catch (error) {
  output.id = String(error);
}
output.textContent = "finished";
