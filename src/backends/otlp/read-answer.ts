import { isObject, parseJson } from "../../core/json.ts";
import { asBuffer, WireReader, wireTypes } from "../../otlp/wire-reader.ts";

/** Bytes of an answer that are read; the OTLP specification recommends a limit of 4 MiB. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Characters of a server's own words that are shown. */
const MAX_MESSAGE = 500;

/** What a server said of the spans it did not take. */
export interface Rejection {
  readonly spans: number;
  readonly message: string;
}

/** The body of an answer; empty beyond the limit, because nothing that long is an OTLP answer. */
export async function readAnswer(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return new Uint8Array();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The `partial_success` of an ExportTraceServiceResponse with rejected spans; null when all were taken. */
export function rejectionOf(body: Uint8Array, type: string | null): Rejection | null {
  const found = isJson(type) ? rejectionInJson(body) : rejectionInProtobuf(body);
  return found.spans > 0 ? { ...found, message: shortened(found.message) } : null;
}

/** The `message` of a google.rpc.Status, or the text a server gave instead. */
export function statusMessage(body: Uint8Array, type: string | null): string {
  if (isJson(type)) {
    const status = parseJson(textOf(body));
    return shortened(isObject(status) && typeof status.message === "string" ? status.message : textOf(body));
  }
  if (type?.startsWith("text/")) return shortened(textOf(body));
  let message = "";
  readFields(body, (reader) => {
    if (reader.isLengthDelimited(2)) message = reader.text();
  });
  return shortened(message);
}

function rejectionInJson(body: Uint8Array): Rejection {
  const answer = parseJson(textOf(body));
  const partial = isObject(answer) ? (answer.partialSuccess ?? answer.partial_success) : undefined;
  if (!isObject(partial)) return { spans: 0, message: "" };
  const spans = Number(partial.rejectedSpans ?? partial.rejected_spans ?? 0);
  return { spans, message: String(partial.errorMessage ?? partial.error_message ?? "") };
}

function rejectionInProtobuf(body: Uint8Array): Rejection {
  let spans = 0;
  let message = "";
  readFields(body, (answer) => {
    if (!answer.isLengthDelimited(1)) return;
    const partial = answer.nested();
    while (partial.next()) {
      if (partial.isLengthDelimited(2)) message = partial.text();
      else if (partial.field === 1 && partial.wireType === wireTypes.varint) spans = partial.low;
    }
  });
  return { spans, message };
}

/** A 200 whose body is no protobuf (a proxy's page, say) is not a rejection; so defects end the reading. */
function readFields(body: Uint8Array, read: (reader: WireReader) => void): void {
  const reader = new WireReader(asBuffer(body));
  try {
    while (reader.next()) read(reader);
  } catch {
    return;
  }
}

function isJson(type: string | null): boolean {
  return type?.includes("json") === true;
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}
