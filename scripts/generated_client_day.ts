// Typical use of a client with generated types; `generated_client.py` checks and runs it.

import assert from "node:assert";
import createClient from "openapi-fetch";
import type { paths } from "./client";

const TEXT =
  "The barge Dusk stood still for nine days in April. Its owner, Brackwater Lines, said that a " +
  "valve had failed. Inspectors of the harbour office found rust in the valve. The office " +
  "ordered a second inspection before the summer.";

const [url, key] = process.argv.slice(2);
const client = createClient<paths>({
  baseUrl: url,
  headers: { Authorization: `Bearer ${key}` },
});

const taken = await client.POST("/v1/items", { body: [{ title: "Barge Dusk stands", text: TEXT }] });
assert(taken.data?.accepted.length === 1, JSON.stringify(taken.error));

const path = { key: taken.data.accepted[0] };
while (!(await client.GET("/v1/items/{key}", { params: { path } })).data?.incident) {
  await new Promise((later) => setTimeout(later, 200));
}

const listed = await client.GET("/v1/incidents", { params: { query: { q: "barge" } } });
const incident = listed.data!.incidents[0].id;

const asked = await client.POST("/v1/incidents/{incident_id}/drafts", {
  params: { path: { incident_id: incident }, query: { wait: 60 } },
});
assert.equal(asked.data?.status, "done", JSON.stringify(asked.error));

const page = await client.GET("/v1/incidents/{incident_id}", {
  params: { path: { incident_id: incident } },
});
const etag = page.response.headers.get("etag")!;
const again = await client.GET("/v1/incidents/{incident_id}", {
  params: { path: { incident_id: incident } },
  headers: { "If-None-Match": etag },
});
assert.equal(again.response.status, 304);

const misspelt = await client.GET("/v1/incidents", {
  params: { query: { min_nois: 3 } as object },
});
assert.equal(misspelt.response.status, 422);

const verdict = await client.POST("/v1/verify", {
  body: { claim: "The barge Dusk stood still for nine days in April.", sources: [TEXT] },
});
assert.equal(verdict.data?.verdict, "supported");

const log = await client.GET("/v1/entries", { params: { query: { after: "0" } } });
const drafted = log.data!.entries.find((entry) => entry.kind === "drafted");
assert(drafted?.kind === "drafted" && drafted.detail.drafter === "extractive");
console.log(`${incident}: ${log.data!.entries.map((entry) => entry.kind).join(", ")}`);
