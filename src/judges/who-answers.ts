/** Who a judge talks to, for sentences. */
export interface WhoAnswers {
  /** E.g. `OpenAI`; of a server other than the provider's own its host and port, for what it says is not said by the provider. */
  readonly title: string;
  readonly isOtherServer: boolean;
}

/**
 * @param title of the provider, e.g. `OpenAI`
 * @param domain under which the provider's own servers are, e.g. `openai.com`
 * @param baseURL undefined: the provider's own address
 */
export function whoAnswers(title: string, domain: string, baseURL: string | undefined): WhoAnswers {
  const url = baseURL === undefined ? null : URL.parse(baseURL);
  const isOwn = url === null || url.hostname === domain || url.hostname.endsWith(`.${domain}`);
  return isOwn ? { title, isOtherServer: false } : { title: url.host, isOtherServer: true };
}
