import notOnOpenaiV1 from "./files/not_on_openai_v1.json" with { type: "json" };
import uploaded from "./files/uploaded.json" with { type: "json" };
import uploadedListedReadDeleted from "./files/uploaded_listed_read_deleted.json" with {
  type: "json",
};

/** The cassettes of `files/`, by id. */
export const FILES = {
  "files/uploaded": uploaded,
  "files/uploaded_listed_read_deleted": uploadedListedReadDeleted,
  "files/not_on_openai_v1": notOnOpenaiV1,
} satisfies Readonly<Record<string, unknown>>;
