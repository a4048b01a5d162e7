import { isObject } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

/** Content parts of Genkit, which have one key and no type: `{toolRequest}`, `{toolResponse}`, `{media}`. */
export const genkitShape: MessageShape = {
  name: "genkit",
  part(value) {
    const { toolRequest: call, toolResponse: result, media, reasoning } = value;
    if (isObject(call)) return toolCall(textAt(call, "name") ?? "", textAt(call, "ref"), call.input);
    if (isObject(result)) return toolResult(textAt(result, "ref"), textAt(result, "name"), result.output);
    if (isObject(media) && "url" in media) {
      const mimeType = textAt(media, "contentType");
      const uri = textAt(media, "url");
      return {
        type: "media",
        modality: mimeType?.split("/")[0] ?? "other",
        ...(mimeType ? { mimeType } : {}),
        ...(uri && !uri.startsWith("data:") ? { uri } : {}),
      };
    }
    if (typeof reasoning === "string" && !("type" in value)) return { type: "reasoning", content: reasoning };
    return undefined;
  },
};
