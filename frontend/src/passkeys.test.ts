import { expect, test } from "vitest";
import { creationOptions, requestOptions } from "./passkeys";

const text = (buffer: BufferSource): string => new TextDecoder().decode(buffer as ArrayBuffer);

test("what the site sends as base64url reaches the authenticator as bytes", () => {
  const options = requestOptions({ challenge: "wr9xdcOpPw", allowCredentials: [{ type: "public-key", id: "YQ" }] });
  expect(text(options.challenge)).toBe("¿qué?");
  expect(text(options.allowCredentials?.[0]?.id as ArrayBuffer)).toBe("a");
});

test("a key that signs in by itself must be kept and unlocked; one beside a password need not", () => {
  const options = { challenge: "YQ", user: { id: "YQ", name: "ana", displayName: "Ana" } };
  expect(creationOptions(options, true).authenticatorSelection).toEqual({
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
  expect(creationOptions(options, false).authenticatorSelection?.userVerification).toBeUndefined();
});
