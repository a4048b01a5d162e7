export { t as readSpans } from "./read-spans.js";
