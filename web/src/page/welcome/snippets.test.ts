import { expect, it } from "vitest";
import { kinds, snippet } from "./snippets";

it.each(kinds)("%s has the token and the address, and nothing to fill in", (kind) => {
  const code = snippet(kind, "tok-123", "https://events.example.org:8443/");
  expect(code).toContain("tok-123");
  expect(code).toContain("events.example.org:8443");
  expect(code).not.toMatch(/YOUR|<[a-z]+>|8443\/\//);
});

it("tells Node the host and the protocol apart", () => {
  expect(snippet("node", "t", "http://127.0.0.1:8080")).toMatch(/host: "127.0.0.1:8080",\s+protocol: "http"/);
});
