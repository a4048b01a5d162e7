/** Parts of names that people give to secrets; `PWD` is the working directory and not among them. */
const SECRET_NAME =
  /KEY(S|_ID)?$|_KEY_|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|COOKIE|WEBHOOK|(^|_)(AUTH|PASS|PAT|DSN)(_|$)|^OTEL_EXPORTER_OTLP(_TRACES|_LOGS|_METRICS)?_HEADERS$/i;

/** Shorter values would blank out half the log. */
const MIN_LENGTH = 8;

/**
 * Values of the environment that must not be shown: of variables whose name looks secret, and passwords within addresses. Paths
 * and short values are left out. The longest comes first.
 */
export function secretsOf(environment: { readonly [name: string]: string | undefined }): readonly string[] {
  const found = Object.entries(environment).flatMap(([name, value = ""]) => {
    if (!SECRET_NAME.test(name)) return passwordIn(value);
    // A key in PEM has several lines, and is often shown as one of them.
    return value.startsWith("/") ? [] : [value.trim(), ...value.split(/\r?\n/).map((line) => line.trim())];
  });
  const long = found.filter((value) => value.length >= MIN_LENGTH && !/^-+(BEGIN|END) /.test(value));
  return [...new Set(long)].sort((a, b) => b.length - a.length);
}

function passwordIn(value: string): readonly string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:([^/@\s]+)@/i.exec(value)?.[1];
  return password === undefined ? [] : [password, decoded(password)];
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
