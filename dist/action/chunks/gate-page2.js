export { n as gatePage } from "./gate-page.js";
