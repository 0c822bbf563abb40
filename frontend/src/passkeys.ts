/**
 * Passkeys and security keys. A form says what is wanted of the authenticator by `data-passkey`:
 * - `sign-in`: who is it? The options are fetched from the form's address when its button is pressed.
 * - `prove`: is it them? The options stand in the page.
 * - `create`: make a key for this account.
 * The answer goes as JSON into the field `credential`, and the form is sent. Binary values travel as base64url.
 */
type Json = Record<string, unknown>;

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0)).buffer;
}

function base64url(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function descriptors(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list ?? []) as (Json & { id: string })[]).map((item) => ({
    ...(item as unknown as PublicKeyCredentialDescriptor),
    id: bytes(item.id),
  }));
}

export function requestOptions(options: Json): PublicKeyCredentialRequestOptions {
  return {
    ...(options as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytes(options.challenge as string),
    allowCredentials: descriptors(options.allowCredentials),
  };
}

export function creationOptions(options: Json, passwordless: boolean): PublicKeyCredentialCreationOptions {
  const user = options.user as Json & { id: string };
  const selection = (options.authenticatorSelection ?? {}) as AuthenticatorSelectionCriteria;
  return {
    ...(options as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytes(options.challenge as string),
    user: { ...(user as unknown as PublicKeyCredentialUserEntity), id: bytes(user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
    authenticatorSelection: {
      ...selection,
      residentKey: passwordless ? "required" : "discouraged",
      requireResidentKey: passwordless,
      ...(passwordless ? { userVerification: "required" } : {}),
    },
  };
}

export function asJson(credential: PublicKeyCredential): Json {
  const response = credential.response;
  const plain: Json = { clientDataJSON: base64url(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    plain.attestationObject = base64url(response.attestationObject);
    plain.transports = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    plain.authenticatorData = base64url(response.authenticatorData);
    plain.signature = base64url(response.signature);
    plain.userHandle = response.userHandle ? base64url(response.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: plain,
  };
}

async function optionsFor(form: HTMLFormElement): Promise<Json> {
  const inPage = form.querySelector("#passkey-options");
  if (inPage) return JSON.parse(inPage.textContent ?? "{}") as Json;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the site answered ${answer.status}`);
  return (await answer.json()) as Json;
}

async function ask(form: HTMLFormElement): Promise<Credential | null> {
  const options = await optionsFor(form);
  if (form.dataset.passkey === "create") {
    const passwordless = form.querySelector<HTMLInputElement>("input[name=passwordless]")?.checked ?? false;
    const { publicKey } = options.creation_options as { publicKey: Json };
    return navigator.credentials.create({ publicKey: creationOptions(publicKey, passwordless) });
  }
  const { publicKey } = options.request_options as { publicKey: Json };
  return navigator.credentials.get({ publicKey: requestOptions(publicKey) });
}

function mount(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("input[name=credential]");
  const problem = form.querySelector<HTMLElement>("[data-passkey-error]");
  if (!field || !problem) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problem.textContent = "";
    ask(form)
      .then((credential) => {
        if (!(credential instanceof PublicKeyCredential)) throw new Error("no credential");
        field.value = JSON.stringify(asJson(credential));
        form.submit();
      })
      .catch(() => {
        problem.textContent = form.dataset.failed ?? "";
      });
  });
}

if (typeof document !== "undefined" && "PublicKeyCredential" in window)
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) mount(form);
