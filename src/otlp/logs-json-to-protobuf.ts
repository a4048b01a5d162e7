import type { JsonCursor } from "./json-cursor.ts";
import {
  parseOtlpJson,
  writeAttributes,
  writeId,
  writeResource,
  writeScope,
  writeText,
  writeTime,
  writeValue,
} from "./json-parts.ts";
import { WireWriter } from "./wire-writer.ts";

/**
 * An OTLP/JSON `ExportLogsServiceRequest` in protobuf, as lenient as `jsonToProtobuf` is with spans. Severity
 * and counts are left out: nothing here reads them.
 *
 * @throws TracegateError `bad-input` with the path of the wrong value.
 */
export function logsJsonToProtobuf(text: string): Uint8Array {
  const writer = new WireWriter();
  parseOtlpJson(text).each("resourceLogs", (resourceLogs) => {
    writer.message(1, () => {
      writeResource(writer, resourceLogs);
      resourceLogs.each("scopeLogs", (scopeLogs) => {
        writer.message(2, () => {
          writeScope(writer, scopeLogs);
          scopeLogs.each("logRecords", (record) => writer.message(2, () => writeRecord(writer, record)));
          writeText(writer, 3, scopeLogs, "schemaUrl");
        });
      });
      writeText(writer, 3, resourceLogs, "schemaUrl");
    });
  });
  return writer.finish();
}

function writeRecord(writer: WireWriter, record: JsonCursor): void {
  writeTime(writer, 1, record, "timeUnixNano");
  record.member("body", (body) => writer.message(5, () => writeValue(writer, body)));
  writeAttributes(writer, 6, record);
  writeId(writer, 9, record, "traceId");
  writeId(writer, 10, record, "spanId");
  writeTime(writer, 11, record, "observedTimeUnixNano");
  writeText(writer, 12, record, "eventName");
}
