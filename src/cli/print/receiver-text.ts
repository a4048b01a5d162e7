import type { ReceiverAnswer } from "../../app/ask-receiver.ts";
import { plain } from "./plain.ts";

/**
 * What an endpoint is, and what to do next.
 *
 * @param tokenEnv the variable that `receiver.tokenEnv` names, if it names one
 */
export function receiverText(answer: ReceiverAnswer, tokenEnv: string | undefined): string {
  const [finding, ...next] = linesOf(answer, tokenEnv);
  return plain([`${answer.endpoint}: ${finding}`, ...next.map((line) => `  ${line}`)].join("\n"));
}

function linesOf(answer: ReceiverAnswer, tokenEnv: string | undefined): readonly string[] {
  const { endpoint, is, said } = answer;
  switch (is) {
    case "tracegate":
      return tracegateLines(answer, tokenEnv);
    case "otlp":
      return [
        "takes traces over OTLP, but is not tracegate; its traces cannot be read over OTLP.",
        "To examine an agent, let it send to `tracegate doctor --listen 4318`, or give its traces as a file.",
      ];
    case "token":
      return [`wants credentials and is not known to be tracegate (${said}).`, WHERE];
    case "other":
      return [`something answers there that takes no traces over OTLP/HTTP (${said}).`, WHERE];
    case "nothing":
      return [
        `nothing answers there (${said}).`,
        ...(URL.parse(endpoint)?.port === "4317"
          ? ["4317 is usually OTLP over gRPC; doctor asks over HTTP, usually 4318."]
          : []),
        "Start `tracegate up` there, or check host and port. To listen yourself: `tracegate doctor --listen 4318`.",
      ];
  }
}

const WHERE = "`tracegate up` says at its start where it listens, by default http://127.0.0.1:4318.";

function tracegateLines(
  { endpoint, token, takes, said }: ReceiverAnswer,
  tokenEnv: string | undefined,
): readonly string[] {
  if (token === "missing") {
    return [
      "a tracegate receiver that wants a token, and there is none here to show.",
      tokenEnv === undefined
        ? "Name the variable that holds it in receiver.tokenEnv of the configuration, and set it."
        : `Set ${tokenEnv} (receiver.tokenEnv of the configuration) to it.`,
    ];
  }
  if (token === "refused") {
    return [
      `a tracegate receiver that wants another token than that in ${tokenEnv} (${said}).`,
      `Set ${tokenEnv} to the value that it has where the receiver runs.`,
    ];
  }
  const wants = token === "accepted" ? `wants a token and accepts that in ${tokenEnv}` : "wants no token";
  if (!takes) {
    return [
      `a tracegate receiver that ${wants}, but takes no traces now (${said}).`,
      "Its log says why. Try again later.",
    ];
  }
  return [
    `a tracegate receiver that takes traces and ${wants}.`,
    "Set in the agent's environment, and run the agent once:",
    `  OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
    "  OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
    ...(token === "accepted" ? [`  OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20<the token>`] : []),
    "Then `tracegate doctor`, in the folder where `tracegate up` runs, says what the traces lack.",
  ];
}
