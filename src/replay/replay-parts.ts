// What a replay needs once it runs; loaded then, because whoever imports `tracegate` loads `replayTask`.
export { forwardLive } from "./forward-live.ts";
export { nameChangesIn } from "./name-changes.ts";
export { ReplayServer } from "./replay-server.ts";
export { ReplaySession } from "./replay-session.ts";
