import { expect, test } from "vitest";
import { Sender } from "./send";

function sender(...answers: (Response | Error)[]) {
  const tokens: string[] = [];
  let made = 0;
  const sent = new Sender(
    (fields) => {
      tokens.push(fields.get("form_token") ?? "");
      const next = answers.shift() ?? json(201, { id: "x" });
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    () => `t${++made}`,
  );
  return { sent, tokens };
}

const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });

test("a double click sends once", async () => {
  const { sent, tokens } = sender();
  const [first, second] = await Promise.all([sent.send("a", "submit"), sent.send("a", "submit")]);
  expect(first).toMatchObject({ kind: "taken" });
  expect(second).toBeNull();
  expect(tokens).toEqual(["t1"]);
});

test("a lost answer is asked again under the same token, a new text under another", async () => {
  const { sent, tokens } = sender(new Error("lost"), json(502, {}), new Error("lost"));
  expect(await sent.send("a", "submit")).toEqual({ kind: "lost" });
  expect(await sent.send("a", "submit")).toEqual({ kind: "lost" });
  await sent.send("b", "submit");
  await sent.send("b", "run");
  expect(tokens).toEqual(["t1", "t1", "t2", "t3"]);
});

test("the same text handed in again after an answer is a new attempt", async () => {
  const { sent, tokens } = sender();
  await sent.send("a", "submit");
  await sent.send("a", "submit");
  expect(tokens).toEqual(["t1", "t2"]);
});

test("a refusal brings its reason, a lapsed session says so", async () => {
  const { sent } = sender(json(429, { code: "too_many", message: "Tienes 3 en marcha." }), json(401, {}));
  expect(await sent.send("a", "run")).toEqual({ kind: "refused", code: "too_many", message: "Tienes 3 en marcha." });
  expect(await sent.send("a", "run")).toEqual({ kind: "signedOut" });
});
