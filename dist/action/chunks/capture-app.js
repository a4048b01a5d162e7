import { t as TRACE_ID } from "./ids.js";
import { a as readEnvelope, i as placesIn, n as copySpans, o as sizeOfCopy, r as isWhole, t as WireWriter } from "./wire-writer.js";
import { n as messageOf, t as TracegateError } from "./errors.js";
import { a as readKeyValue, n as SPAN_KINDS, r as STATUS_CODES } from "./lazy-span.js";
import { t as isObject } from "./json.js";
import { i as markLogEvent, r as logEventKey, t as readSpanIdentity } from "./span-identity.js";
import { i as wireTypes, n as asBuffer, t as WireReader } from "./wire-reader.js";
import { constants, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
// node_modules/hono/dist/http-exception.js
var HTTPException = class extends Error {
	res;
	status;
	constructor(status = 500, options) {
		super(options?.message, { cause: options?.cause });
		this.res = options?.res;
		this.status = status;
	}
	getResponse() {
		if (this.res) return new Response(this.res.body, {
			status: this.status,
			headers: this.res.headers
		});
		return new Response(this.message, { status: this.status });
	}
};
// node_modules/hono/dist/request/constants.js
const GET_MATCH_RESULT = Symbol();
// node_modules/hono/dist/utils/buffer.js
const bufferToFormData = (arrayBuffer, contentType) => {
	return new Response(arrayBuffer, { headers: { "Content-Type": contentType.replace(/^[^;]+/, (mediaType) => mediaType.toLowerCase()) } }).formData();
};
// node_modules/hono/dist/utils/body.js
const MAX_NESTED_OBJECTS = 1e4;
const isRawRequest = (request) => "headers" in request;
const parseBody = async (request, options = Object.create(null)) => {
	const { all = false, dot = false } = options;
	const mediaType = (isRawRequest(request) ? request.headers : request.raw.headers).get("Content-Type")?.split(";")[0].trim().toLowerCase();
	if (mediaType === "multipart/form-data" || mediaType === "application/x-www-form-urlencoded") return parseFormData(request, {
		all,
		dot
	});
	return {};
};
async function parseFormData(request, options) {
	if (!isRawRequest(request) && request.bodyCache.formData) return convertFormDataToBodyData(await request.bodyCache.formData, options);
	const headers = isRawRequest(request) ? request.headers : request.raw.headers;
	const arrayBuffer = await request.arrayBuffer();
	const formDataPromise = bufferToFormData(arrayBuffer, headers.get("Content-Type") || "");
	if (!isRawRequest(request)) request.bodyCache.formData = formDataPromise;
	const formData = await formDataPromise;
	if (formData) return convertFormDataToBodyData(formData, options);
	return {};
}
function convertFormDataToBodyData(formData, options) {
	const form = Object.create(null);
	const nestingState = { count: 0 };
	formData.forEach((value, key) => {
		if (!(options.all || key.endsWith("[]"))) form[key] = value;
		else handleParsingAllValues(form, key, value);
	});
	if (options.dot) Object.entries(form).forEach(([key, value]) => {
		if (key.includes(".")) {
			handleParsingNestedValues(form, key, value, nestingState);
			delete form[key];
		}
	});
	return form;
}
const handleParsingAllValues = (form, key, value) => {
	if (form[key] !== void 0) {
		if (Array.isArray(form[key])) form[key].push(value);
		else form[key] = [form[key], value];
	} else if (!key.endsWith("[]")) form[key] = value;
	else form[key] = [value];
};
const handleParsingNestedValues = (form, key, value, state) => {
	if (/(?:^|\.)__proto__\./.test(key)) return;
	let nestedForm = form;
	const keys = key.split(".", 34);
	if (keys.length > 33) throwNestingLimitExceeded();
	keys.forEach((key, index) => {
		if (index === keys.length - 1) nestedForm[key] = value;
		else {
			if (!nestedForm[key] || typeof nestedForm[key] !== "object" || Array.isArray(nestedForm[key]) || nestedForm[key] instanceof File) {
				if (state.count++ >= MAX_NESTED_OBJECTS) throwNestingLimitExceeded();
				nestedForm[key] = Object.create(null);
			}
			nestedForm = nestedForm[key];
		}
	});
};
const throwNestingLimitExceeded = () => {
	throw new Error("Nesting limit exceeded");
};
// node_modules/hono/dist/utils/url.js
const splitPath = (path) => {
	const paths = path.split("/");
	if (paths[0] === "") paths.shift();
	return paths;
};
const splitRoutingPath = (routePath) => {
	const { groups, path } = extractGroupsFromPath(routePath);
	const paths = splitPath(path);
	return replaceGroupMarks(paths, groups);
};
const extractGroupsFromPath = (path) => {
	const groups = [];
	path = path.replace(/\{[^}]+\}/g, (match, index) => {
		const mark = `@${index}`;
		groups.push([mark, match]);
		return mark;
	});
	return {
		groups,
		path
	};
};
const replaceGroupMarks = (paths, groups) => {
	for (let i = groups.length - 1; i >= 0; i--) {
		const [mark] = groups[i];
		for (let j = paths.length - 1; j >= 0; j--) if (paths[j].includes(mark)) {
			paths[j] = paths[j].replace(mark, groups[i][1]);
			break;
		}
	}
	return paths;
};
const patternCache = {};
const getPattern = (label, next) => {
	if (label === "*") return "*";
	const match = label.match(/^\:([^\{\}]+)(?:\{(.+)\})?$/);
	if (match) {
		const cacheKey = `${label}#${next}`;
		if (!patternCache[cacheKey]) {
			if (match[2]) patternCache[cacheKey] = next && next[0] !== ":" && next[0] !== "*" ? [
				cacheKey,
				match[1],
				new RegExp(`^${match[2]}(?=/${next})`)
			] : [
				label,
				match[1],
				new RegExp(`^${match[2]}$`)
			];
			else patternCache[cacheKey] = [
				label,
				match[1],
				true
			];
		}
		return patternCache[cacheKey];
	}
	return null;
};
const tryDecode = (str, decoder) => {
	try {
		return decoder(str);
	} catch {
		return str.replace(/(?:%[0-9A-Fa-f]{2})+/g, (match) => {
			try {
				return decoder(match);
			} catch {
				return match;
			}
		});
	}
};
const decodeURIWithPreservedPercent = (value) => decodeURI(value.includes("%25") ? value.replace(/%25/g, "%2525") : value);
const getPath = (request) => {
	const url = request.url;
	const start = url.indexOf("/", url.indexOf(":") + 4);
	let i = start;
	for (; i < url.length; i++) {
		const charCode = url.charCodeAt(i);
		if (charCode === 37) {
			const queryIndex = url.indexOf("?", i);
			const hashIndex = url.indexOf("#", i);
			const end = queryIndex === -1 ? hashIndex === -1 ? void 0 : hashIndex : hashIndex === -1 ? queryIndex : Math.min(queryIndex, hashIndex);
			const path = url.slice(start, end);
			const decoded = tryDecode(path, decodeURIWithPreservedPercent);
			if (/%(?![0-9A-Fa-f]{2})/.test(path)) {
				const rewritten = new URL("http://localhost");
				rewritten.pathname = decoded.replace(/[\\\t\n\r]/g, encodeURIComponent);
				if (tryDecode(rewritten.pathname, decodeURIWithPreservedPercent) !== decoded) return tryDecode(path.replace(/%(?![0-9A-Fa-f]{2})/g, "%25"), decodeURIWithPreservedPercent);
			}
			return decoded;
		} else if (charCode === 63 || charCode === 35) break;
	}
	return url.slice(start, i);
};
const getPathNoStrict = (request) => {
	const result = getPath(request);
	return result.length > 1 && result.at(-1) === "/" ? result.slice(0, -1) : result;
};
const mergePath = (base, sub, ...rest) => {
	if (rest.length) sub = mergePath(sub, ...rest);
	return `${base?.[0] === "/" ? "" : "/"}${base}${sub === "/" ? "" : `${base?.at(-1) === "/" ? "" : "/"}${sub?.[0] === "/" ? sub.slice(1) : sub}`}`;
};
const checkOptionalParameter = (path) => {
	if (path.charCodeAt(path.length - 1) !== 63 || !path.includes(":")) return null;
	const segments = path.split("/");
	const results = [];
	let basePath = "";
	segments.forEach((segment) => {
		if (segment !== "" && !/\:/.test(segment)) basePath += "/" + segment;
		else if (/\:/.test(segment)) {
			if (segment.charCodeAt(segment.length - 1) === 63) {
				if (results.length === 0 && basePath === "") results.push("/");
				else results.push(basePath);
				const optionalSegment = segment.slice(0, -1);
				basePath += "/" + optionalSegment;
				results.push(basePath);
			} else basePath += "/" + segment;
		}
	});
	return results.filter((v, i, a) => a.indexOf(v) === i);
};
const tryDecodeURIComponent = (str) => str.indexOf("%") !== -1 ? tryDecode(str, decodeURIComponent_) : str;
const _decodeURI = (value) => {
	if (value.indexOf("+") !== -1) value = value.replace(/\+/g, " ");
	return tryDecodeURIComponent(value);
};
const _getQueryParam = (url, key, multiple) => {
	const hashIndex = url.indexOf("#", 8);
	if (hashIndex !== -1) url = url.slice(0, hashIndex);
	let encoded;
	if (!multiple && key && !/[%+&=]/.test(key)) {
		const queryIndex = url.indexOf("?", 8);
		let keyIndex = queryIndex;
		if (keyIndex === -1) return;
		if (!url.startsWith(key, keyIndex + 1)) keyIndex = url.indexOf(`&${key}`, keyIndex + 1);
		while (keyIndex !== -1) {
			const trailingKeyCode = url.charCodeAt(keyIndex + key.length + 1);
			if (trailingKeyCode === 61 || trailingKeyCode === 38 || isNaN(trailingKeyCode)) {
				if (keyIndex > queryIndex && /(?:^|&)[^=&]*[%+]/.test(url.slice(queryIndex + 1, keyIndex))) break;
				if (trailingKeyCode === 61) {
					const valueIndex = keyIndex + key.length + 2;
					const endIndex = url.indexOf("&", valueIndex);
					return _decodeURI(url.slice(valueIndex, endIndex === -1 ? void 0 : endIndex));
				}
				return "";
			}
			keyIndex = url.indexOf(`&${key}`, keyIndex + 1);
		}
		encoded = /[%+]/.test(url);
		if (!encoded) return;
	}
	const results = Object.create(null);
	encoded ??= /[%+]/.test(url);
	let keyIndex = url.indexOf("?", 8);
	while (keyIndex !== -1) {
		const nextKeyIndex = url.indexOf("&", keyIndex + 1);
		let valueIndex = url.indexOf("=", keyIndex);
		if (valueIndex > nextKeyIndex && nextKeyIndex !== -1) valueIndex = -1;
		let name = url.slice(keyIndex + 1, valueIndex === -1 ? nextKeyIndex === -1 ? void 0 : nextKeyIndex : valueIndex);
		if (encoded) name = _decodeURI(name);
		keyIndex = nextKeyIndex;
		if (name === "") continue;
		let value;
		if (valueIndex === -1) value = "";
		else {
			value = url.slice(valueIndex + 1, nextKeyIndex === -1 ? void 0 : nextKeyIndex);
			if (encoded) value = _decodeURI(value);
		}
		if (multiple) {
			if (!(results[name] && Array.isArray(results[name]))) results[name] = [];
			results[name].push(value);
		} else results[name] ??= value;
	}
	return key ? results[key] : results;
};
const getQueryParam = _getQueryParam;
const getQueryParams = (url, key) => {
	return _getQueryParam(url, key, true);
};
const decodeURIComponent_ = decodeURIComponent;
// node_modules/hono/dist/request.js
var HonoRequest = class {
	raw;
	#validatedData;
	#matchResult;
	routeIndex = 0;
	path;
	bodyCache = {};
	constructor(request, path = "/", matchResult = [[]]) {
		this.raw = request;
		this.path = path;
		this.#matchResult = matchResult;
	}
	param(key) {
		return key ? this.#getDecodedParam(key) : this.#getAllDecodedParams();
	}
	#getDecodedParam(key) {
		const paramKey = this.#matchResult[0][this.routeIndex]?.[1][key];
		const param = this.#getParamValue(paramKey);
		return param && tryDecodeURIComponent(param);
	}
	#getAllDecodedParams() {
		const decoded = {};
		const keys = Object.keys(this.#matchResult[0][this.routeIndex]?.[1] ?? {});
		for (const key of keys) {
			const value = this.#getParamValue(this.#matchResult[0][this.routeIndex][1][key]);
			if (value !== void 0) decoded[key] = tryDecodeURIComponent(value);
		}
		return decoded;
	}
	#getParamValue(paramKey) {
		return this.#matchResult[1] ? this.#matchResult[1][paramKey] : paramKey;
	}
	query(key) {
		return getQueryParam(this.url, key);
	}
	queries(key) {
		return getQueryParams(this.url, key);
	}
	header(name) {
		if (name) return this.raw.headers.get(name) ?? void 0;
		const headerData = Object.create(null);
		this.raw.headers.forEach((value, key) => {
			headerData[key] = value;
		});
		return headerData;
	}
	async parseBody(options) {
		return parseBody(this, options);
	}
	#cachedBody = (key) => {
		const { bodyCache, raw } = this;
		const cachedBody = bodyCache[key];
		if (cachedBody) return cachedBody;
		for (const anyCachedKey in bodyCache) return bodyCache[anyCachedKey].then((body) => {
			if (anyCachedKey === "json") body = JSON.stringify(body);
			const contentType = anyCachedKey === "formData" ? void 0 : raw.headers.get("content-type");
			return new Response(body, { headers: contentType ? { "Content-Type": contentType } : void 0 })[key]();
		});
		return bodyCache[key] = raw[key]();
	};
	json() {
		return this.#cachedBody("text").then((text) => JSON.parse(text));
	}
	text() {
		return this.#cachedBody("text");
	}
	arrayBuffer() {
		return this.#cachedBody("arrayBuffer");
	}
	bytes() {
		return this.#cachedBody("arrayBuffer").then((buffer) => new Uint8Array(buffer));
	}
	blob() {
		return this.#cachedBody("blob");
	}
	formData() {
		return this.#cachedBody("formData");
	}
	addValidatedData(target, data) {
		(this.#validatedData ??= {})[target] = data;
	}
	valid(target) {
		return this.#validatedData?.[target];
	}
	get url() {
		return this.raw.url;
	}
	get method() {
		return this.raw.method;
	}
	get [GET_MATCH_RESULT]() {
		return this.#matchResult;
	}
	get matchedRoutes() {
		return this.#matchResult[0].map(([[, route]]) => route);
	}
	get routePath() {
		return this.#matchResult[0].map(([[, route]]) => route)[this.routeIndex].path;
	}
};
// node_modules/hono/dist/utils/html.js
const HtmlEscapedCallbackPhase = {
	Stringify: 1,
	BeforeStream: 2,
	Stream: 3
};
const raw = (value, callbacks) => {
	const escapedString = new String(value);
	escapedString.isEscaped = true;
	escapedString.callbacks = callbacks;
	return escapedString;
};
const resolveCallback = async (str, phase, preserveCallbacks, context, buffer) => {
	if (typeof str === "object" && !(str instanceof String)) {
		if (!(str instanceof Promise)) str = str.toString();
		if (str instanceof Promise) str = await str;
	}
	const callbacks = str.callbacks;
	if (!callbacks?.length) return Promise.resolve(str);
	if (buffer) buffer[0] += str;
	else buffer = [str];
	const resStr = Promise.all(callbacks.map((c) => c({
		phase,
		buffer,
		context
	}))).then((res) => Promise.all(res.filter(Boolean).map((str) => resolveCallback(str, phase, false, context, buffer))).then(() => buffer[0]));
	if (preserveCallbacks) return raw(await resStr, callbacks);
	else return resStr;
};
// node_modules/hono/dist/context.js
const TEXT_PLAIN = "text/plain; charset=UTF-8";
const setDefaultContentType = (contentType, headers) => {
	return {
		"Content-Type": contentType,
		...headers
	};
};
const createResponseInstance = (body, init) => new Response(body, init);
var Context = class {
	#rawRequest;
	#req;
	env = {};
	#var;
	finalized = false;
	error;
	#status;
	#executionCtx;
	#res;
	#layout;
	#renderer;
	#notFoundHandler;
	#preparedHeaders;
	#matchResult;
	#path;
	constructor(req, options) {
		this.#rawRequest = req;
		if (options) {
			this.#executionCtx = options.executionCtx;
			this.env = options.env;
			this.#notFoundHandler = options.notFoundHandler;
			this.#path = options.path;
			this.#matchResult = options.matchResult;
		}
	}
	get req() {
		this.#req ??= new HonoRequest(this.#rawRequest, this.#path, this.#matchResult);
		return this.#req;
	}
	get event() {
		if (this.#executionCtx && "respondWith" in this.#executionCtx) return this.#executionCtx;
		else throw Error("This context has no FetchEvent");
	}
	get executionCtx() {
		if (this.#executionCtx) return this.#executionCtx;
		else throw Error("This context has no ExecutionContext");
	}
	get res() {
		return this.#res ||= createResponseInstance(null, { headers: this.#preparedHeaders ??= new Headers() });
	}
	set res(_res) {
		if (this.#res && _res) {
			_res = createResponseInstance(_res.body, _res);
			for (const [k, v] of this.#res.headers.entries()) {
				if (k === "content-type") continue;
				if (k === "set-cookie") {
					const cookies = this.#res.headers.getSetCookie();
					_res.headers.delete("set-cookie");
					for (const cookie of cookies) _res.headers.append("set-cookie", cookie);
				} else _res.headers.set(k, v);
			}
		}
		this.#res = _res;
		this.finalized = true;
	}
	render = (...args) => {
		this.#renderer ??= (content) => this.html(content);
		return this.#renderer(...args);
	};
	setLayout = (layout) => this.#layout = layout;
	getLayout = () => this.#layout;
	setRenderer = (renderer) => {
		this.#renderer = renderer;
	};
	header = (name, value, options) => {
		if (this.finalized && !this.#res.bodyUsed) this.#res = createResponseInstance(this.#res.body, this.#res);
		const headers = this.#res ? this.#res.headers : this.#preparedHeaders ??= new Headers();
		if (value === void 0) headers.delete(name);
		else if (options?.append) headers.append(name, value);
		else headers.set(name, value);
	};
	status = (status) => {
		this.#status = status;
	};
	set = (key, value) => {
		this.#var ??= new Map();
		this.#var.set(key, value);
	};
	get = (key) => {
		return this.#var ? this.#var.get(key) : void 0;
	};
	get var() {
		if (!this.#var) return {};
		return Object.fromEntries(this.#var);
	}
	#newResponse(data, arg, headers) {
		let responseHeaders = this.#res ? new Headers(this.#res.headers) : this.#preparedHeaders;
		if (typeof arg === "object" && arg.headers) {
			responseHeaders ??= new Headers();
			for (const [key, value] of new Headers(arg.headers)) if (key === "set-cookie") responseHeaders.append(key, value);
			else responseHeaders.set(key, value);
		}
		if (headers) {
			if (!responseHeaders) {
				let count = 0;
				for (const k in headers) if (++count > 1 || typeof headers[k] !== "string") {
					responseHeaders = new Headers();
					break;
				}
			}
			if (responseHeaders) for (const k in headers) {
				const v = headers[k];
				if (typeof v === "string") responseHeaders.set(k, v);
				else {
					responseHeaders.delete(k);
					for (const v2 of v) responseHeaders.append(k, v2);
				}
			}
		}
		const status = typeof arg === "number" ? arg : arg?.status ?? this.#status;
		return createResponseInstance(data, {
			status,
			headers: responseHeaders ?? headers
		});
	}
	newResponse = (...args) => this.#newResponse(...args);
	body = (data, arg, headers) => this.#newResponse(data, arg, headers);
	text = (text, arg, headers) => {
		return !this.#preparedHeaders && !this.#status && !arg && !headers && !this.finalized ? new Response(text) : this.#newResponse(text, arg, setDefaultContentType(TEXT_PLAIN, headers));
	};
	json = (object, arg, headers) => {
		return this.#newResponse(JSON.stringify(object), arg, setDefaultContentType("application/json", headers));
	};
	html = (html, arg, headers) => {
		const res = (html) => this.#newResponse(html, arg, setDefaultContentType("text/html; charset=UTF-8", headers));
		return typeof html === "object" ? resolveCallback(html, HtmlEscapedCallbackPhase.Stringify, false, {}).then(res) : res(html);
	};
	redirect = (location, status) => {
		const locationString = String(location);
		this.header("Location", !/[^\x00-\xFF]/.test(locationString) ? locationString : encodeURI(locationString));
		return this.newResponse(null, status ?? 302);
	};
	notFound = () => {
		this.#notFoundHandler ??= () => createResponseInstance();
		return this.#notFoundHandler(this);
	};
};
// node_modules/hono/dist/compose.js
const compose = (middleware, onError, onNotFound) => {
	return (context, next) => {
		let index = -1;
		return dispatch(0);
		async function dispatch(i) {
			if (i <= index) throw new Error("next() called multiple times");
			index = i;
			let res;
			let isError = false;
			let handler;
			if (middleware[i]) {
				handler = middleware[i][0][0];
				context.req.routeIndex = i;
			} else handler = i === middleware.length && next || void 0;
			if (handler) try {
				res = await handler(context, () => dispatch(i + 1));
			} catch (err) {
				if (err instanceof Error && onError) {
					context.error = err;
					res = await onError(err, context);
					isError = true;
				} else throw err;
			}
			else if (context.finalized === false && onNotFound) res = await onNotFound(context);
			if (res && (context.finalized === false || isError)) context.res = res;
			return context;
		}
	};
};
// node_modules/hono/dist/helper/route/index.js
const matchedRoutes = (c) => c.req[GET_MATCH_RESULT][0].map(([[, route]]) => route);
const routePath = (c, index) => matchedRoutes(c).at(index ?? c.req.routeIndex)?.path ?? "";
// node_modules/hono/dist/router.js
const METHODS = [
	"get",
	"post",
	"put",
	"delete",
	"options",
	"patch",
	"query"
];
const MESSAGE_MATCHER_IS_ALREADY_BUILT = "Can not add a route since the matcher is already built.";
var UnsupportedPathError = class extends Error {};
// node_modules/hono/dist/utils/constants.js
const COMPOSED_HANDLER = "__COMPOSED_HANDLER";
// node_modules/hono/dist/utils/mount.js
const countTrailingSlashes = (path) => {
	let index = path.length;
	while (index > 0 && path.charCodeAt(index - 1) === 47) index--;
	return path.length - index;
};
const getPathPrefixLength = (c, pathPrefix, routePath) => {
	if (!/[:*]/.test(pathPrefix)) return pathPrefix.length;
	const path = c.req.path;
	const matchResult = c.req[GET_MATCH_RESULT];
	const paramNames = new Set();
	let length = 0;
	for (const part of splitRoutingPath(pathPrefix)) {
		if (part[0] === ":" && part.endsWith("}?")) throw new Error(`mount(): Optional regular expression parameters are not supported in "${routePath}".`);
		const pattern = getPattern(part);
		if (pattern && pattern !== "*") {
			const name = pattern[1];
			if (paramNames.has(name)) throw new Error(`mount(): Duplicate path parameter "${name}" in "${routePath}".`);
			paramNames.add(name);
		}
		if (pattern && pattern !== "*" && pattern[2] !== true) {
			const value = matchResult.length === 2 ? matchResult[1][matchResult[0][c.req.routeIndex][1][pattern[1]]] : matchResult[0][c.req.routeIndex][1][pattern[1]];
			length += value.length + 1;
		} else if (pattern || part.endsWith("*")) {
			const end = path.indexOf("/", length + 1);
			length = end === -1 ? path.length : end;
		} else length += part.length + 1;
	}
	return length;
};
const createMountedRequest = (c, pathPrefix, routePath) => {
	if (/[^/]\*$/.test(routePath)) throw new Error(`mount(): Wildcard must follow "/" in "${routePath}".`);
	const prefixLength = getPathPrefixLength(c, pathPrefix, routePath);
	const path = c.req.path.slice(prefixLength) || "/";
	if (prefixLength > c.req.path.length || path[0] !== "/" || /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path)) throw new HTTPException(400, { message: "Invalid mounted path" });
	const rawUrl = c.req.raw.url;
	if (/^[^/?#]*\/\/[^/?#\\]*[?#\\]/.test(rawUrl)) throw new HTTPException(400, { message: "Invalid mounted path" });
	const rawPathEnd = rawUrl.search(/[?#]/);
	const rawTrailingSlashes = countTrailingSlashes(rawPathEnd === -1 ? rawUrl : rawUrl.slice(0, rawPathEnd));
	if (rawTrailingSlashes > 1 && countTrailingSlashes(c.req.path) === rawTrailingSlashes - 1) throw new HTTPException(400, { message: "Invalid mounted path" });
	const url = new URL(rawUrl);
	url.pathname = path.replace(/[\\\t\n\r]/g, encodeURIComponent);
	if (path.includes("%")) {}
	return new Request(url, c.req.raw);
};
// node_modules/hono/dist/hono-base.js
const notFoundHandler = (c) => {
	return c.text("404 Not Found", 404);
};
const errorHandler = (err, c) => {
	if ("getResponse" in err) {
		const res = err.getResponse();
		return c.newResponse(res.body, res);
	}
	console.error(err);
	return c.text("Internal Server Error", 500);
};
var Hono$1 = class Hono {
	get;
	post;
	put;
	delete;
	options;
	patch;
	query;
	all;
	on;
	use;
	router;
	getPath;
	_basePath = "/";
	#path = "/";
	routes = [];
	constructor(options = {}) {
		[...METHODS, "all"].forEach((method) => {
			this[method] = (args1, ...args) => {
				const methodName = method.toUpperCase();
				if (typeof args1 === "string") this.#path = args1;
				else this.#addRoute(methodName, this.#path, args1);
				args.forEach((handler) => {
					this.#addRoute(methodName, this.#path, handler);
				});
				return this;
			};
		});
		this.on = (method, path, ...handlers) => {
			for (const p of [path].flat()) {
				this.#path = p;
				for (const m of [method].flat()) {
					const methodName = m.toUpperCase();
					for (const handler of handlers) this.#addRoute(methodName, this.#path, handler);
				}
			}
			return this;
		};
		this.use = (arg1, ...handlers) => {
			if (typeof arg1 === "string") this.#path = arg1;
			else {
				this.#path = "*";
				handlers.unshift(arg1);
			}
			handlers.forEach((handler) => {
				this.#addRoute("ALL", this.#path, handler);
			});
			return this;
		};
		const { strict, ...optionsWithoutStrict } = options;
		Object.assign(this, optionsWithoutStrict);
		this.getPath = strict ?? true ? options.getPath ?? getPath : getPathNoStrict;
	}
	#clone() {
		const clone = new Hono({
			router: this.router,
			getPath: this.getPath
		});
		clone.errorHandler = this.errorHandler;
		clone.#notFoundHandler = this.#notFoundHandler;
		clone.routes = this.routes;
		return clone;
	}
	#notFoundHandler = notFoundHandler;
	errorHandler = errorHandler;
	route(path, app) {
		const subApp = this.basePath(path);
		app.routes.map((r) => {
			let handler;
			if (app.errorHandler === errorHandler) handler = r.handler;
			else {
				handler = async (c, next) => (await compose([], app.errorHandler)(c, () => r.handler(c, next))).res;
				handler[COMPOSED_HANDLER] = r.handler;
			}
			subApp.#addRoute(r.method, r.path, handler, r.basePath);
		});
		return this;
	}
	basePath(path) {
		const subApp = this.#clone();
		subApp._basePath = mergePath(this._basePath, path);
		return subApp;
	}
	onError = (handler) => {
		this.errorHandler = handler;
		return this;
	};
	notFound = (handler) => {
		this.#notFoundHandler = handler;
		return this;
	};
	mount(path, applicationHandler, options) {
		let replaceRequest;
		let optionHandler;
		if (options) {
			if (typeof options === "function") optionHandler = options;
			else {
				optionHandler = options.optionHandler;
				if (options.replaceRequest === false) replaceRequest = (request) => request;
				else replaceRequest = options.replaceRequest;
			}
		}
		const getOptions = optionHandler ? (c) => {
			const options = optionHandler(c);
			return Array.isArray(options) ? options : [options];
		} : (c) => {
			let executionContext = void 0;
			try {
				executionContext = c.executionCtx;
			} catch {}
			return [c.env, executionContext];
		};
		const defaultReplaceRequest = (c) => {
			const mountedRoutePath = routePath(c);
			return createMountedRequest(c, mountedRoutePath.replace(/\/?\*$/, ""), mountedRoutePath);
		};
		const handler = async (c, next) => {
			const res = await applicationHandler(replaceRequest ? replaceRequest(c.req.raw) : defaultReplaceRequest(c), ...getOptions(c));
			if (res) return res;
			await next();
		};
		this.#addRoute("ALL", mergePath(path, "*"), handler);
		return this;
	}
	#addRoute(method, path, handler, baseRoutePath) {
		path = mergePath(this._basePath, path);
		const r = {
			basePath: baseRoutePath !== void 0 ? mergePath(this._basePath, baseRoutePath) : this._basePath,
			path,
			method,
			handler
		};
		this.router.add(method, path, [handler, r]);
		this.routes.push(r);
	}
	#handleError(err, c) {
		if (err instanceof Error) return this.errorHandler(err, c);
		throw err;
	}
	#dispatch(request, executionCtx, env, method) {
		if (method === "HEAD") return (async () => new Response(null, await this.#dispatch(request, executionCtx, env, "GET")))();
		const path = this.getPath(request, { env });
		const matchResult = this.router.match(method, path);
		const c = new Context(request, {
			path,
			matchResult,
			env,
			executionCtx,
			notFoundHandler: this.#notFoundHandler
		});
		if (matchResult[0].length === 1) {
			let res;
			try {
				res = matchResult[0][0][0][0](c, async () => {
					c.res = await this.#notFoundHandler(c);
				});
			} catch (err) {
				return this.#handleError(err, c);
			}
			return res instanceof Promise ? res.then((resolved) => resolved || (c.finalized ? c.res : this.#notFoundHandler(c))).catch((err) => this.#handleError(err, c)) : res ?? this.#notFoundHandler(c);
		}
		const composed = compose(matchResult[0], this.errorHandler, this.#notFoundHandler);
		return (async () => {
			try {
				const context = await composed(c);
				if (!context.finalized) throw new Error("Context is not finalized. Did you forget to return a Response object or `await next()`?");
				return context.res;
			} catch (err) {
				return this.#handleError(err, c);
			}
		})();
	}
	fetch = (request, ...rest) => {
		return this.#dispatch(request, rest[1], rest[0], request.method);
	};
	request = (input, requestInit, Env, executionCtx) => {
		if (input instanceof Request) return this.fetch(requestInit ? new Request(input, requestInit) : input, Env, executionCtx);
		input = input.toString();
		return this.fetch(new Request(/^https?:\/\//.test(input) ? input : `http://localhost${mergePath("/", input)}`, requestInit), Env, executionCtx);
	};
	fire = () => {
		addEventListener("fetch", (event) => {
			event.respondWith(this.#dispatch(event.request, event, void 0, event.request.method));
		});
	};
};
// node_modules/hono/dist/router/utils.js
const createNullObject = () => Object.create(null);
// node_modules/hono/dist/router/reg-exp-router/matcher.js
const emptyParam = [];
function match(method, path) {
	const matchers = this.buildAllMatchers();
	const match = ((method, path) => {
		const matcher = matchers[method] || matchers["ALL"];
		const staticMatch = matcher[2][path];
		if (staticMatch) return staticMatch;
		const match = path.match(matcher[0]);
		if (!match) return [[], emptyParam];
		const index = match.indexOf("", 1);
		return [matcher[1][index], match];
	});
	this.match = match;
	return match(method, path);
}
// node_modules/hono/dist/router/reg-exp-router/node.js
const LABEL_REG_EXP_STR = "[^/]+";
const ONLY_WILDCARD_REG_EXP_STR = "[^]*";
const TAIL_WILDCARD_REG_EXP_STR = "(?:|/[^]*)";
const PATH_ERROR = Symbol();
const regExpMetaChars = new Set(".\\+*[^]$()");
function compareKey(a, b) {
	if (a.length === 1) return b.length === 1 ? a < b ? -1 : 1 : -1;
	if (b.length === 1) return 1;
	if (a === "[^]*" || a === "(?:|/[^]*)") return b === "[^]*" ? -1 : 1;
	else if (b === "[^]*" || b === "(?:|/[^]*)") return -1;
	if (a === "[^/]+") return 1;
	else if (b === "[^/]+") return -1;
	return a.length === b.length ? a < b ? -1 : 1 : b.length - a.length;
}
var Node$1 = class Node {
	#index;
	#varIndex;
	#children = createNullObject();
	insert(tokens, index, paramMap, context, keys) {
		let node = this;
		for (let i = 0, len = tokens.length; i < len; i++) {
			const token = tokens[i];
			const pattern = token.length === 1 ? token === "*" ? i === len - 1 ? [
				"",
				"",
				ONLY_WILDCARD_REG_EXP_STR
			] : [
				"",
				"",
				LABEL_REG_EXP_STR
			] : null : token === "/*" ? [
				"",
				"",
				TAIL_WILDCARD_REG_EXP_STR
			] : token.match(/^\:([^\{\}]+)(?:\{(.+)\})?$/);
			let nextNode;
			if (pattern) {
				const name = pattern[1];
				let regexpStr = pattern[2] || "[^/]+";
				if (name && pattern[2]) {
					if (new RegExp(regexpStr).test("")) throw PATH_ERROR;
					regexpStr = regexpStr.replace(/^\((?!\?:)(?=[^)]+\)$)/, "(?:");
					if (/\((?!\?:)/.test(regexpStr)) throw PATH_ERROR;
					if (regexpStr.length === 1 && regExpMetaChars.has(regexpStr)) throw PATH_ERROR;
				}
				keys.push(regexpStr);
				nextNode = node.#children[regexpStr];
				if (!nextNode) {
					if (regexpStr !== "[^]*" && regexpStr !== "(?:|/[^]*)") {
						for (const k in node.#children) if ((regexpStr.length > 1 || k.length > 1) && k !== "[^]*" && k !== "(?:|/[^]*)") throw PATH_ERROR;
					}
					nextNode = node.#children[regexpStr] = new Node();
				}
				if (name !== "") {
					nextNode.#varIndex ??= context.varIndex++;
					paramMap.push([name, nextNode.#varIndex]);
				}
			} else {
				keys.push(token);
				nextNode = node.#children[token];
				if (!nextNode) {
					for (const k in node.#children) if (k.length > 1 && k !== "[^]*" && k !== "(?:|/[^]*)") throw PATH_ERROR;
					nextNode = node.#children[token] = new Node();
				}
			}
			node = nextNode;
		}
		if (node.#index !== void 0) throw PATH_ERROR;
		node.#index = index;
	}
	buildRegExpStr() {
		const strList = Object.keys(this.#children).sort(compareKey).map((k) => {
			const c = this.#children[k];
			const childStr = c.buildRegExpStr();
			return childStr === "" ? "" : (typeof c.#varIndex === "number" ? `(${k})@${c.#varIndex}` : regExpMetaChars.has(k) ? `\\${k}` : k) + childStr;
		}).filter(Boolean);
		if (typeof this.#index === "number" && this.#index !== -1) strList.unshift(`#${this.#index}`);
		if (strList.length === 0) return "";
		if (strList.length === 1) return strList[0];
		return "(?:" + strList.join("|") + ")";
	}
};
// node_modules/hono/dist/router/reg-exp-router/trie.js
var Trie = class {
	#context = { varIndex: 0 };
	#root = new Node$1();
	#index = 0;
	paths = createNullObject();
	insert(path, isStatic) {
		const keys = [];
		if (isStatic) {
			this.#root.insert(path.split(""), -1, [], this.#context, keys);
			this.paths[path] = [
				-1,
				[],
				keys
			];
			return;
		}
		const paramAssoc = [];
		const groups = [];
		let markedPath = path;
		for (let i = 0;;) {
			let replaced = false;
			markedPath = markedPath.replace(/\{(?:\{[\d,]+\}|[^}])+\}/g, (m) => {
				const mark = `@\\${i}`;
				groups[i] = [mark, m];
				i++;
				replaced = true;
				return mark;
			});
			if (!replaced) break;
		}
		const tokens = markedPath.match(/(?::[^\/]+)|(?:\/\*$)|./gs) || [];
		for (let i = groups.length - 1; i >= 0; i--) {
			const [mark] = groups[i];
			for (let j = tokens.length - 1; j >= 0; j--) if (tokens[j].indexOf(mark) !== -1) {
				tokens[j] = tokens[j].replace(mark, groups[i][1]);
				break;
			}
		}
		this.#root.insert(tokens, this.#index, paramAssoc, this.#context, keys);
		this.paths[path] = [
			this.#index++,
			paramAssoc,
			keys
		];
	}
	buildRegExp() {
		let regexp = this.#root.buildRegExpStr();
		if (regexp === "") return [
			/^$/,
			[],
			[]
		];
		let captureIndex = 0;
		const indexReplacementMap = [];
		const paramReplacementMap = [];
		regexp = regexp.replace(/#(\d+)|@(\d+)|\.\*\$/g, (_, handlerIndex, paramIndex) => {
			if (handlerIndex !== void 0) {
				indexReplacementMap[++captureIndex] = Number(handlerIndex);
				return "$()";
			}
			if (paramIndex !== void 0) {
				paramReplacementMap[Number(paramIndex)] = ++captureIndex;
				return "";
			}
			return "";
		});
		return [
			new RegExp(`^${regexp}`),
			indexReplacementMap,
			paramReplacementMap
		];
	}
};
// node_modules/hono/dist/router/reg-exp-router/router.js
function endsWithWildcard(keys) {
	const tail = keys[keys.length - 1];
	return tail === "[^]*" || tail === "(?:|/[^]*)";
}
function covers(wildcard, target) {
	const last = wildcard.length - 1;
	for (let i = 0; i < last; i++) if (wildcard[i] !== target[i]) return false;
	return wildcard[last] === "[^]*" || target.length === last || target[last] === "/";
}
var RegExpRouter = class {
	name = "RegExpRouter";
	#handlers;
	#tries;
	constructor() {
		this.#handlers = { ["ALL"]: [] };
		this.#tries = { ["ALL"]: new Trie() };
	}
	#insertPath(method, path) {
		try {
			this.#tries[method].insert(path, !/\*|\/:/.test(path));
		} catch (e) {
			throw e === PATH_ERROR ? new UnsupportedPathError(path) : e;
		}
	}
	add(method, path, handler) {
		const handlers = this.#handlers;
		if (!handlers) throw new Error(MESSAGE_MATCHER_IS_ALREADY_BUILT);
		const tries = this.#tries;
		if (!handlers[method]) {
			tries[method] = new Trie();
			handlers[method] = [...handlers["ALL"]];
			for (const p in tries["ALL"].paths) this.#insertPath(method, p);
		}
		if (path === "/*") path = "*";
		const methods = method === "ALL" ? Object.keys(handlers) : [method];
		const paths = checkOptionalParameter(path) || [path];
		for (const path of paths) for (const m of methods) {
			if (!tries[m].paths[path]) this.#insertPath(m, path);
			handlers[m].push([handler, path]);
		}
	}
	match = match;
	buildAllMatchers() {
		const matchers = createNullObject();
		for (const method of Object.keys(this.#handlers)) matchers[method] = this.#buildMatcher(method);
		this.#handlers = this.#tries = void 0;
		return matchers;
	}
	#buildMatcher(method) {
		const handlers = this.#handlers[method];
		const trie = this.#tries[method];
		const staticMap = createNullObject();
		const handlerData = [];
		const [regexp, indexReplacementMap, paramReplacementMap] = trie.buildRegExp();
		const own = createNullObject();
		const entries = handlers.map(([h, p], i) => {
			(own[p] ??= []).push(i);
			return [h, trie.paths[p][1].reduceRight((map, [key, varIndex]) => {
				map[key] = paramReplacementMap[varIndex];
				return map;
			}, createNullObject())];
		});
		const wildcards = Object.keys(own).filter((p) => endsWithWildcard(trie.paths[p][2]));
		for (const path in trie.paths) {
			const [index, , keys] = trie.paths[path];
			const indexes = [...own[path]];
			for (const p of wildcards) if (p !== path && covers(trie.paths[p][2], keys)) indexes.push(...own[p]);
			const data = indexes.sort((a, b) => a - b).map((i) => entries[i]);
			if (index === -1) {
				const last = Math.max(-1, ...data.flatMap(([, map]) => Object.values(map)));
				staticMap[path] = [data, last === -1 ? emptyParam : path.match(regexp).slice(0, last + 1)];
			} else handlerData[index] = data;
		}
		return [
			regexp,
			indexReplacementMap.map((i) => handlerData[i]),
			staticMap
		];
	}
};
// node_modules/hono/dist/router/smart-router/router.js
var SmartRouter = class {
	name = "SmartRouter";
	#routers = [];
	#routes = [];
	constructor(init) {
		this.#routers = init.routers;
	}
	add(method, path, handler) {
		if (!this.#routes) throw new Error(MESSAGE_MATCHER_IS_ALREADY_BUILT);
		this.#routes.push([
			method,
			path,
			handler
		]);
	}
	match(method, path) {
		if (!this.#routes) throw new Error("Fatal error");
		const routers = this.#routers;
		const routes = this.#routes;
		const len = routers.length;
		let i = 0;
		let res;
		for (; i < len; i++) {
			const router = routers[i];
			try {
				for (let i = 0, len = routes.length; i < len; i++) router.add(...routes[i]);
				res = router.match(method, path);
			} catch (e) {
				if (e instanceof UnsupportedPathError) continue;
				throw e;
			}
			this.match = router.match.bind(router);
			this.#routers = [router];
			this.#routes = void 0;
			break;
		}
		if (i === len) throw new Error("Fatal error");
		this.name = `SmartRouter + ${this.activeRouter.name}`;
		return res;
	}
	get activeRouter() {
		if (this.#routes || this.#routers.length !== 1) throw new Error("No active router has been determined yet.");
		return this.#routers[0];
	}
};
// node_modules/hono/dist/router/trie-router/node.js
const emptyParams = createNullObject();
let order = 0;
var Node = class Node {
	#methods = [];
	#children = createNullObject();
	#patterns = [];
	#pattern;
	#params = emptyParams;
	insert(method, path, handler) {
		let curNode = this;
		const parts = splitRoutingPath(path);
		const possibleKeys = new Set();
		let i = 0;
		for (const p of parts) {
			const nextP = parts[++i];
			const pattern = getPattern(p, nextP) || (nextP === void 0 && p && p.indexOf("*") === p.length - 1 ? p : null);
			const isParam = Array.isArray(pattern);
			const key = isParam ? pattern[0] : pattern || p;
			const child = curNode.#children[key] ||= new Node();
			if (pattern && !child.#pattern) {
				child.#pattern = pattern;
				curNode.#patterns.push(child);
			}
			curNode = child;
			if (isParam) possibleKeys.add(pattern[1]);
		}
		curNode.#methods.push({ [method]: {
			handler,
			possibleKeys: [...possibleKeys],
			score: ++order
		} });
	}
	#pushHandlerSets(handlerSets, node, method, nodeParams, params) {
		for (let i = 0, len = node.#methods.length; i < len; i++) {
			const m = node.#methods[i];
			const handlerSet = m[method] || m["ALL"];
			if (handlerSet) {
				handlerSet.params = createNullObject();
				handlerSets.push(handlerSet);
				for (let i = 0, len = handlerSet.possibleKeys.length; i < len; i++) {
					const key = handlerSet.possibleKeys[i];
					handlerSet.params[key] = params?.[key] && !i ? params[key] : nodeParams[key] ?? params?.[key];
				}
			}
		}
	}
	search(method, path) {
		const handlerSets = [];
		this.#params = emptyParams;
		let curNodes = [this];
		const parts = splitPath(path);
		const curNodesQueue = [];
		const len = parts.length;
		let partOffsets = null;
		for (let i = 0; i < len; i++) {
			const part = parts[i];
			const isLast = i === len - 1;
			const tempNodes = [];
			for (let j = 0, len2 = curNodes.length; j < len2; j++) {
				const node = curNodes[j];
				const nextNode = node.#children[part];
				if (nextNode) {
					nextNode.#params = node.#params;
					if (isLast) {
						if (nextNode.#children["*"]) this.#pushHandlerSets(handlerSets, nextNode.#children["*"], method, node.#params);
						this.#pushHandlerSets(handlerSets, nextNode, method, node.#params);
					} else tempNodes.push(nextNode);
				}
				for (const child of node.#patterns) {
					const pattern = child.#pattern;
					const params = node.#params === emptyParams ? {} : { ...node.#params };
					if (typeof pattern === "string") {
						if (pattern === "*" || part.startsWith(pattern.slice(0, -1))) {
							this.#pushHandlerSets(handlerSets, child, method, node.#params);
							if (pattern === "*") {
								child.#params = params;
								tempNodes.push(child);
							}
						}
						continue;
					}
					const [, name, matcher] = pattern;
					if (!part && matcher === true) continue;
					if (matcher !== true) {
						if (!partOffsets) {
							partOffsets = [];
							let offset = path[0] === "/" ? 1 : 0;
							for (let p = 0; p < len; p++) {
								partOffsets[p] = offset;
								offset += parts[p].length + 1;
							}
						}
						const restPathString = path.slice(partOffsets[i]);
						const m = matcher.exec(restPathString);
						if (m) {
							if (!Object.hasOwn(params, name)) params[name] = m[0];
							this.#pushHandlerSets(handlerSets, child, method, node.#params, params);
							if (m[0].length === restPathString.length && child.#children["*"]) this.#pushHandlerSets(handlerSets, child.#children["*"], method, node.#params, params);
							for (const _ in child.#children) {
								child.#params = params;
								const componentCount = m[0].match(/\//g)?.length ?? 0;
								(curNodesQueue[componentCount] ||= []).push(child);
								break;
							}
							continue;
						}
					}
					if (matcher === true || matcher.test(part)) {
						if (!Object.hasOwn(params, name)) params[name] = part;
						if (isLast) {
							this.#pushHandlerSets(handlerSets, child, method, params, node.#params);
							if (child.#children["*"]) this.#pushHandlerSets(handlerSets, child.#children["*"], method, params, node.#params);
						} else {
							child.#params = params;
							tempNodes.push(child);
						}
					}
				}
			}
			const shifted = curNodesQueue.shift();
			curNodes = shifted ? tempNodes.concat(shifted) : tempNodes;
		}
		if (handlerSets[1]) handlerSets.sort((a, b) => {
			return a.score - b.score;
		});
		return [handlerSets.map(({ handler, params }) => [handler, params])];
	}
};
// node_modules/hono/dist/router/trie-router/router.js
var TrieRouter = class {
	name = "TrieRouter";
	#node = new Node();
	add(method, path, handler) {
		for (const result of checkOptionalParameter(path) || [path]) this.#node.insert(method, result, handler);
	}
	match(method, path) {
		return this.#node.search(method, path);
	}
};
// node_modules/hono/dist/hono.js
var Hono = class extends Hono$1 {
	constructor(options = {}) {
		super(options);
		this.router = options.router ?? new SmartRouter({ routers: [new RegExpRouter(), new TrieRouter()] });
	}
};
// src/otlp/responses.ts
const CONTENT_TYPES = {
	protobuf: "application/x-protobuf",
	json: "application/json"
};
const rpcCodes = {
	invalidArgument: 3,
	deadlineExceeded: 4,
	notFound: 5,
	permissionDenied: 7,
	resourceExhausted: 8,
	unimplemented: 12,
	internal: 13,
	unavailable: 14,
	unauthenticated: 16
};
function exportResponse(encoding, partial, rejectedField = "rejectedSpans") {
	if (encoding === "json") {
		const partialSuccess = partial && {
			[rejectedField]: String(partial.rejected),
			errorMessage: partial.reason
		};
		return Buffer.from(JSON.stringify(partialSuccess ? { partialSuccess } : {}));
	}
	const writer = new WireWriter();
	if (partial) writer.message(1, () => {
		if (partial.rejected > 0) writer.varint(1, partial.rejected);
		writer.string(2, partial.reason);
	});
	return writer.finish();
}
function statusResponse(encoding, code, message) {
	if (encoding === "json") return Buffer.from(JSON.stringify({
		code,
		message
	}));
	const writer = new WireWriter();
	writer.varint(1, code);
	writer.string(2, message);
	return writer.finish();
}
// src/receiver/answer.ts
const RPC_CODES = {
	400: rpcCodes.invalidArgument,
	401: rpcCodes.unauthenticated,
	404: rpcCodes.notFound,
	405: rpcCodes.unimplemented,
	413: rpcCodes.invalidArgument,
	415: rpcCodes.invalidArgument,
	429: rpcCodes.resourceExhausted,
	500: rpcCodes.internal,
	503: rpcCodes.unavailable
};
function encodingOfType(header) {
	const type = (header ?? "").split(";", 1)[0]?.trim().toLowerCase();
	if (type === CONTENT_TYPES.protobuf) return "protobuf";
	return type === CONTENT_TYPES.json ? "json" : null;
}
function partialSuccess({ count, reason }) {
	return count === 0 ? void 0 : {
		rejected: count,
		reason: reason ?? "Unusable items."
	};
}
function succeed(encoding, rejected, rejectedField) {
	return answer(200, encoding, exportResponse(encoding, partialSuccess(rejected), rejectedField));
}
function refuse(refusal, encoding) {
	const { status, message, retryAfterS, headers } = refusal;
	return answer(status, encoding, statusResponse(encoding, RPC_CODES[status], message), {
		...retryAfterS !== void 0 && { "Retry-After": String(retryAfterS) },
		...headers
	});
}
function answer(status, encoding, body, headers) {
	return new Response(new Uint8Array(body), {
		status,
		headers: {
			"Content-Type": CONTENT_TYPES[encoding],
			"Content-Length": String(body.byteLength),
			...headers
		}
	});
}
// src/otlp/json-cursor.ts
const INT64_LIMIT = 2n ** 63n;
const UINT64_LIMIT = 2n ** 64n;
const DECIMAL = /^[+-]?\d+$/;
const HEX = /^([0-9a-fA-F]{2})*$/;
const MAX_PATH = 200;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
var JsonCursor = class JsonCursor {
	value;
	parent;
	key;
	constructor(value, parent = null, key = "") {
		this.value = value;
		this.parent = parent;
		this.key = key;
	}
	member(name, visit) {
		if (!isObject(this.value)) this.fail("not an object");
		const value = this.value[name] ?? this.value[snakeCase(name)];
		if (value !== void 0 && value !== null) visit(new JsonCursor(value, this, name));
	}
	each(name, visit, nulls) {
		this.member(name, (array) => {
			(Array.isArray(array.value) ? array.value : array.fail("not an array")).forEach((item, index) => {
				if (item !== null) visit(new JsonCursor(item, array, index));
				else if (nulls) visit(new JsonCursor({}, array, index));
			});
		});
	}
	requireObject() {
		if (!isObject(this.value)) this.fail("not an object");
	}
	text() {
		if (typeof this.value === "string") return this.value;
		if (typeof this.value === "number" || typeof this.value === "boolean") return String(this.value);
		return this.fail("not a text");
	}
	boolean() {
		if (typeof this.value === "boolean") return this.value;
		if (this.value === "true" || this.value === "false") return this.value === "true";
		return this.fail("not a boolean");
	}
	number() {
		if (typeof this.value === "number") return this.value;
		if (typeof this.value === "string" && this.value.trim() !== "") {
			const parsed = Number(this.value);
			if (!Number.isNaN(parsed) || this.value === "NaN") return parsed;
		}
		return this.fail("not a number");
	}
	integer() {
		if (typeof this.value === "number" && Number.isSafeInteger(this.value)) return this.value;
		const value = this.bigInteger();
		if (value >= INT64_LIMIT || value < -INT64_LIMIT) return this.fail("outside of 64 bits");
		return value;
	}
	count() {
		const value = this.bigInteger();
		if (value < 0n || value > 4294967295n) return this.fail("outside of 32 bits");
		return Number(value);
	}
	nanoseconds() {
		const value = this.bigInteger();
		if (value < 0n || value >= UINT64_LIMIT) return this.fail("not a time in Unix nanoseconds");
		return value;
	}
	enumeration(names, prefix) {
		if (typeof this.value === "string" && !DECIMAL.test(this.value)) {
			const name = this.value.toUpperCase();
			const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
			const index = names.indexOf(short.toLowerCase());
			return index >= 0 ? index : this.fail(`not one of ${names.join(", ")}`);
		}
		return this.count();
	}
	id() {
		const text = this.text();
		if (text.length === 24 && text.endsWith("==") || text.length === 12 && text.endsWith("=")) return this.base64();
		return HEX.test(text) ? Buffer.from(text, "hex") : this.fail("not an id in hex");
	}
	base64() {
		const text = this.text();
		return BASE64.test(text) ? Buffer.from(text, "base64") : this.fail("not base64");
	}
	fail(what) {
		const seen = typeof this.value === "object" ? "an array or object" : JSON.stringify(this.value).slice(0, 60);
		throw new TracegateError("bad-input", `Wrong OTLP/JSON: ${this.path()} is ${what} (${seen}).`);
	}
	bigInteger() {
		const { value } = this;
		if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
		if (typeof value === "string" && DECIMAL.test(value)) return BigInt(value.replace(/^\+/, ""));
		return this.fail("not an integer");
	}
	path() {
		if (this.parent === null) return "the document";
		const steps = [];
		for (let place = this; place.parent !== null; place = place.parent) steps.unshift(typeof place.key === "number" ? `[${place.key}]` : `.${place.key}`);
		const path = steps.join("").replace(/^\./, "");
		return path.length <= MAX_PATH ? path : `${path.slice(0, MAX_PATH / 2)} … ${path.slice(-100)}`;
	}
};
const snakeNames = new Map();
function snakeCase(name) {
	let snake = snakeNames.get(name);
	if (snake === void 0) {
		snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
		snakeNames.set(name, snake);
	}
	return snake;
}
// src/otlp/json-parts.ts
function parseOtlpJson(text) {
	const root = new JsonCursor(parse(text));
	root.requireObject();
	return root;
}
function parse(text) {
	try {
		return JSON.parse(text);
	} catch (cause) {
		const detail = cause instanceof Error ? cause.message : String(cause);
		throw new TracegateError("bad-input", `Not JSON: ${detail}. Send OTLP/JSON.`, { cause });
	}
}
function writeResource(writer, source) {
	source.member("resource", (resource) => {
		writer.message(1, () => {
			writeAttributes(writer, 1, resource);
			writeCount(writer, 2, resource, "droppedAttributesCount");
		});
	});
}
function writeScope(writer, source) {
	source.member("scope", (scope) => {
		writer.message(1, () => {
			writeText(writer, 1, scope, "name");
			writeText(writer, 2, scope, "version");
			writeAttributes(writer, 3, scope);
		});
	});
}
function writeAttributes(writer, field, source) {
	source.each("attributes", (attribute) => {
		writer.message(field, () => writeKeyValue(writer, attribute, 0));
	});
}
function writeKeyValue(writer, source, depth) {
	writeText(writer, 1, source, "key");
	source.member("value", (value) => writer.message(2, () => writeValue(writer, value, depth)));
}
function writeValue(writer, source, depth = 0) {
	if (depth > 64) source.fail(`nested deeper than 64 levels`);
	source.member("stringValue", (value) => writer.string(1, value.text()));
	source.member("boolValue", (value) => writer.varint(2, value.boolean() ? 1 : 0));
	source.member("intValue", (value) => writer.int64(3, value.integer()));
	source.member("doubleValue", (value) => writer.double(4, value.number()));
	source.member("arrayValue", (array) => {
		writer.message(5, () => {
			array.each("values", (item) => writer.message(1, () => writeValue(writer, item, depth + 1)), "keep nulls");
		});
	});
	source.member("kvlistValue", (list) => {
		writer.message(6, () => {
			list.each("values", (item) => writer.message(1, () => writeKeyValue(writer, item, depth + 1)));
		});
	});
	source.member("bytesValue", (value) => writer.bytes(7, value.base64()));
}
function writeText(writer, field, source, key) {
	source.member(key, (value) => writer.string(field, value.text()));
}
function writeId(writer, field, source, key) {
	source.member(key, (value) => writer.bytes(field, value.id()));
}
function writeTime(writer, field, source, key) {
	source.member(key, (value) => writer.fixed64(field, value.nanoseconds()));
}
function writeCount(writer, field, source, key) {
	source.member(key, (value) => writer.varint(field, value.count()));
}
// src/otlp/json-to-protobuf.ts
function jsonToProtobuf(text) {
	const writer = new WireWriter();
	parseOtlpJson(text).each("resourceSpans", (resourceSpans) => {
		writer.message(1, () => writeResourceSpans(writer, resourceSpans));
	});
	return writer.finish();
}
function writeResourceSpans(writer, source) {
	writeResource(writer, source);
	source.each("scopeSpans", (scopeSpans) => writer.message(2, () => writeScopeSpans(writer, scopeSpans)));
	writeText(writer, 3, source, "schemaUrl");
}
function writeScopeSpans(writer, source) {
	writeScope(writer, source);
	source.each("spans", (span) => writer.message(2, () => writeSpan(writer, span)));
	writeText(writer, 3, source, "schemaUrl");
}
function writeSpan(writer, span) {
	writeId(writer, 1, span, "traceId");
	writeId(writer, 2, span, "spanId");
	writeText(writer, 3, span, "traceState");
	writeId(writer, 4, span, "parentSpanId");
	writeText(writer, 5, span, "name");
	span.member("kind", (kind) => writer.varint(6, kind.enumeration(SPAN_KINDS, "SPAN_KIND_")));
	writeTime(writer, 7, span, "startTimeUnixNano");
	writeTime(writer, 8, span, "endTimeUnixNano");
	writeAttributes(writer, 9, span);
	writeCount(writer, 10, span, "droppedAttributesCount");
	span.each("events", (event) => {
		writer.message(11, () => {
			writeTime(writer, 1, event, "timeUnixNano");
			writeText(writer, 2, event, "name");
			writeAttributes(writer, 3, event);
		});
	});
	writeCount(writer, 12, span, "droppedEventsCount");
	span.each("links", (link) => writer.message(13, () => writeLink(writer, link)));
	writeCount(writer, 14, span, "droppedLinksCount");
	span.member("status", (status) => {
		writer.message(15, () => {
			writeText(writer, 2, status, "message");
			status.member("code", (code) => writer.varint(3, code.enumeration(STATUS_CODES, "STATUS_CODE_")));
		});
	});
	span.member("flags", (flags) => writer.fixed32(16, flags.count()));
}
function writeLink(writer, link) {
	writeId(writer, 1, link, "traceId");
	writeId(writer, 2, link, "spanId");
	writeText(writer, 3, link, "traceState");
	writeAttributes(writer, 4, link);
}
// src/otlp/logs-json-to-protobuf.ts
function logsJsonToProtobuf(text) {
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
function writeRecord(writer, record) {
	writeTime(writer, 1, record, "timeUnixNano");
	record.member("body", (body) => writer.message(5, () => writeValue(writer, body)));
	writeAttributes(writer, 6, record);
	writeId(writer, 9, record, "traceId");
	writeId(writer, 10, record, "spanId");
	writeTime(writer, 11, record, "observedTimeUnixNano");
	writeText(writer, 12, record, "eventName");
}
// src/otlp/split-by-trace.ts
const OWN_SERVICE = "tracegate";
function splitByTrace(bytes) {
	const envelope = readEnvelope(bytes);
	const traces = new Map();
	const defects = new Map();
	let accepted = 0;
	let rejected = 0;
	for (const resource of envelope.resourceSpans) {
		const service = serviceOf(envelope.bytes, resource);
		for (const scope of resource.scopes) for (const span of scope.spans) {
			const identity = readSpanIdentity(envelope.bytes, span.valueStart, span.end);
			if (identity.defect !== null) {
				defects.set(identity.defect, (defects.get(identity.defect) ?? 0) + 1);
				rejected += 1;
				continue;
			}
			accepted += 1;
			if (identity.ours || service.name === "tracegate") continue;
			const trace = traces.get(identity.traceId) ?? {
				heads: [],
				places: [],
				service,
				hasRoot: false
			};
			if (trace.heads.length === 0) traces.set(identity.traceId, trace);
			if (!trace.hasRoot && identity.head.parentSpanId === null) {
				trace.hasRoot = true;
				trace.service = service;
			}
			trace.heads.push(identity.head);
			trace.places.push({
				resource,
				scope,
				span
			});
		}
	}
	return {
		fragments: [...traces].map(([traceId, { heads, places, service }]) => ({
			traceId,
			heads,
			bytes: fragmentBytes$1(envelope, places),
			...service.name !== void 0 && { service: service.name },
			...service.version !== void 0 && { version: service.version }
		})),
		accepted,
		rejected,
		reason: reasonOf(defects, "span")
	};
}
function fragmentBytes$1(envelope, places) {
	if (isWhole(envelope, places)) return envelope.bytes;
	const writer = new WireWriter(sizeOfCopy(places));
	copySpans(writer, envelope.bytes, places);
	return writer.finish();
}
function reasonOf(defects, what) {
	if (defects.size === 0) return null;
	return `${[...defects].map(([defect, count]) => `${count} ${count === 1 ? `${what} has` : `${what}s have`} ${defect}`).join("; ")}.`;
}
function isOwnResource(bytes, resource) {
	return serviceOf(bytes, resource).name === OWN_SERVICE;
}
function serviceOf(bytes, resource) {
	const service = {};
	for (const range of resource.resources) {
		const reader = new WireReader(bytes, range.valueStart, range.end);
		while (reader.next()) if (reader.isLengthDelimited(1)) readService(reader.nested(), service);
	}
	return service;
}
function readService(attribute, service) {
	let field;
	while (attribute.next()) if (attribute.isLengthDelimited(1)) field = SERVICE_FIELDS.get(attribute.text());
	else if (attribute.isLengthDelimited(2) && field !== void 0) {
		const text = lastText(attribute.nested());
		if (text !== void 0) service[field] = text;
	}
}
function lastText(value) {
	let text;
	while (value.next()) text = value.isLengthDelimited(1) ? value.text() : void 0;
	return text;
}
const SERVICE_FIELDS = new Map([["service.name", "name"], ["service.version", "version"]]);
// src/otlp/log-record.ts
const ALL_ZERO = /^0*$/;
function readLogRecord(bytes, start, end) {
	let traceId = "";
	let spanId = "";
	let fieldName = "";
	let attributeName = "";
	const reader = new WireReader(bytes, start, end);
	while (reader.next()) if (reader.isLengthDelimited(9)) traceId = reader.hex();
	else if (reader.isLengthDelimited(10)) spanId = reader.hex();
	else if (reader.isLengthDelimited(12)) fieldName = reader.text();
	else if (reader.isLengthDelimited(6)) attributeName = nameIn(reader.nested()) ?? attributeName;
	if (ALL_ZERO.test(traceId)) traceId = "";
	if (ALL_ZERO.test(spanId)) spanId = "";
	const defect = traceId !== "" && traceId.length !== 32 ? "a trace id that is not 16 bytes long" : spanId !== "" && spanId.length !== 16 ? "a span id that is not 8 bytes long" : null;
	const fields = new WireReader(bytes, start, end);
	return {
		traceId,
		spanId,
		eventName: fieldName || attributeName,
		defect,
		fields
	};
}
function logEventOf(record) {
	const { bytes, position, end } = record.fields;
	const event = new WireWriter();
	const attributes = new WireWriter();
	const body = new WireWriter();
	let time = 0n;
	let observed = 0n;
	const reader = new WireReader(bytes, position, end);
	while (reader.next()) {
		const value = () => bytes.subarray(reader.valueStart, reader.valueEnd);
		if (reader.isLengthDelimited(6)) attributes.bytes(3, value());
		else if (reader.isLengthDelimited(5)) writeBody(body, reader.nested(), value());
		else if (reader.wireType === wireTypes.fixed64) {
			if (reader.field === 1) time = bytes.readBigUInt64LE(reader.valueStart);
			else if (reader.field === 11) observed = bytes.readBigUInt64LE(reader.valueStart);
		}
	}
	markLogEvent(event);
	event.fixed64(1, time === 0n ? observed : time);
	event.string(2, record.eventName);
	event.raw(attributes.finish());
	event.raw(body.finish());
	return event.finish();
}
function writeBody(event, body, value) {
	const { bytes } = body;
	let key = null;
	while (body.next()) if (body.isLengthDelimited(6)) {
		const entries = body.nested();
		while (entries.next()) if (entries.isLengthDelimited(1)) event.bytes(3, bytes.subarray(entries.valueStart, entries.valueEnd));
	} else if (body.isLengthDelimited(1)) key = /^\s*\{/.test(body.text()) ? "gen_ai.event.content" : "body";
	else key = "body";
	if (key === null) return;
	const name = key;
	event.message(3, () => {
		event.string(1, name);
		event.bytes(2, value);
	});
}
function nameIn(attribute) {
	let isName = false;
	let text;
	while (attribute.next()) if (attribute.isLengthDelimited(1)) isName = attribute.text() === "event.name";
	else if (attribute.isLengthDelimited(2)) {
		const value = attribute.nested();
		while (value.next()) if (value.isLengthDelimited(1)) text = value.text();
	}
	return isName ? text : void 0;
}
// src/otlp/split-logs-by-trace.ts
function splitLogsByTrace(bytes) {
	const envelope = readEnvelope(bytes);
	const own = new Set(envelope.resourceSpans.filter((resource) => isOwnResource(envelope.bytes, resource)));
	const traces = new Map();
	const events = new Map();
	const defects = new Map();
	const left = {
		withoutSpan: 0,
		withoutName: 0,
		ours: 0
	};
	let rejected = 0;
	const reject = (defect) => {
		defects.set(defect, (defects.get(defect) ?? 0) + 1);
		rejected += 1;
	};
	for (const place of placesIn(envelope)) {
		const { resource, span } = place;
		const record = readLogRecord(envelope.bytes, span.valueStart, span.end);
		if (record.defect !== null) reject(record.defect);
		else if (record.traceId === "" || record.spanId === "") left.withoutSpan += 1;
		else if (record.eventName === "") left.withoutName += 1;
		else if (own.has(resource)) left.ours += 1;
		else {
			const event = logEventOf(record);
			if (!isReadable(event)) {
				reject("a value that cannot be decoded");
				continue;
			}
			const trace = traces.get(record.traceId) ?? {
				records: [],
				places: []
			};
			if (trace.records.length === 0) traces.set(record.traceId, trace);
			trace.records.push({
				spanId: record.spanId,
				key: logEventKey(record.spanId, event)
			});
			trace.places.push(place);
			events.set(place, {
				record,
				event
			});
		}
	}
	return {
		fragments: [...traces].map(([traceId, { records, places }]) => ({
			traceId,
			heads: [],
			records,
			bytes: fragmentBytes(envelope, places, events)
		})),
		rejected,
		reason: reasonOf(defects, "record"),
		...left
	};
}
function isReadable(event) {
	const reader = new WireReader(asBuffer(event));
	try {
		while (reader.next()) if (reader.isLengthDelimited(3)) readKeyValue(reader.nested(), {});
		return true;
	} catch (error) {
		if (error instanceof TracegateError && error.code === "bad-input") return false;
		throw error;
	}
}
function fragmentBytes(envelope, places, events) {
	const writer = new WireWriter();
	copySpans(writer, envelope.bytes, places, (place) => {
		const found = events.get(place);
		if (!found) return;
		writer.message(2, () => {
			writer.bytes(1, Buffer.from(found.record.traceId, "hex"));
			writer.bytes(2, Buffer.from(found.record.spanId, "hex"));
			writer.bytes(11, found.event);
		});
	});
	return writer.finish();
}
// src/receiver/export-kind.ts
const TRACES = {
	fromJson: jsonToProtobuf,
	rejectedField: "rejectedSpans",
	split(bytes) {
		const { fragments, accepted, rejected, reason } = splitByTrace(bytes);
		const spans = fragments.reduce((sum, fragment) => sum + fragment.heads.length, 0);
		return {
			fragments,
			rejected,
			reason,
			count(tally) {
				tally.spans += spans;
				tally.ownSpans += accepted - spans;
				tally.rejectedSpans += rejected;
			}
		};
	}
};
const LOGS = {
	fromJson: logsJsonToProtobuf,
	rejectedField: "rejectedLogRecords",
	split(bytes) {
		const { fragments, rejected, reason, withoutSpan, withoutName, ours } = splitLogsByTrace(bytes);
		const taken = fragments.reduce((sum, fragment) => sum + (fragment.records?.length ?? 0), 0);
		return {
			fragments,
			rejected,
			reason,
			count(tally) {
				tally.logRecords += taken;
				tally.rejectedLogRecords += rejected;
				tally.logRecordsWithoutSpan += withoutSpan;
				tally.logRecordsWithoutName += withoutName;
				tally.ownLogRecords += ours;
			}
		};
	}
};
// src/receiver/export-paths.ts
const PREFIXES = [
	"",
	"/otel",
	"/api/public/otel"
];
function exportPaths(more = []) {
	const prefixes = [...PREFIXES, ...more.map((path) => path.replace(/\/+$|\/v1\/(traces|logs)\/*$/, ""))];
	return new Map(prefixes.flatMap((prefix) => [
		[prefix || "/", TRACES],
		[`${prefix}/v1/traces`, TRACES],
		[`${prefix}/v1/logs`, LOGS]
	]));
}
// src/receiver/body-faults.ts
function tooLarge(which, bytes, limit) {
	return new TracegateError("too-large", `The body has ${bytes} bytes or more ${which}; the limit is ${limit}. Send smaller batches.`);
}
function busy() {
	return new TracegateError("overloaded", "Too many bytes are being received at this moment. Send again later.", { retryable: true });
}
function notInflatable(cause) {
	return new TracegateError("bad-input", `The body cannot be inflated: ${messageOf(cause)}.`, { cause });
}
function goneAway() {
	return new TracegateError("bad-input", "The sender went away mid-body.");
}
// src/receiver/read-body.ts
const ZSTD_WINDOW_LOG_MAX = 23;
const INFLATE_CHUNK_BYTES = 65536;
const INFLATERS = {
	gzip: () => createGunzip({ chunkSize: INFLATE_CHUNK_BYTES }),
	"x-gzip": () => createGunzip({ chunkSize: INFLATE_CHUNK_BYTES }),
	deflate: () => createInflate({ chunkSize: INFLATE_CHUNK_BYTES }),
	zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } })
};
const ACCEPTED_ENCODINGS = "gzip, zstd, deflate, identity";
function isReadableEncoding(header) {
	const name = encodingOf(header);
	return name === "identity" || Object.hasOwn(INFLATERS, name);
}
function readBody(incoming, limits, claim) {
	const encoding = encodingOf(incoming.headers["content-encoding"]);
	const announced = Number(incoming.headers["content-length"] ?? 0);
	if (announced > limits.wireBytes) return Promise.reject(tooLarge("as sent", announced, limits.wireBytes));
	if (incoming.headers["content-length"] === "0") return Promise.resolve(new Uint8Array());
	const inflater = INFLATERS[encoding]?.();
	return collect(incoming, inflater, limits, claim);
}
function collect(incoming, inflater, limits, claim) {
	return new Promise((resolve, reject) => {
		const chunks = [];
		let sent = 0;
		let size = 0;
		const source = inflater ?? incoming;
		const end = (settle) => {
			incoming.off("data", countSent).off("close", cutOff).off("error", cutOff);
			source.off("data", keep).off("end", done).off("error", broken);
			if (inflater) {
				incoming.unpipe(inflater);
				inflater.on("error", () => {});
				inflater.destroy();
			}
			settle();
		};
		const fail = (error) => end(() => reject(error));
		const cutOff = () => {
			if (!incoming.readableEnded) fail(goneAway());
		};
		const broken = (error) => {
			if (sent === 0 && incoming.readableEnded) done();
			else fail(notInflatable(error));
		};
		const done = () => end(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
		const countSent = (chunk) => {
			sent += chunk.length;
			if (sent > limits.wireBytes) fail(tooLarge("as sent", sent, limits.wireBytes));
		};
		const keep = (chunk) => {
			size += chunk.length;
			if (size > limits.bodyBytes) fail(tooLarge("inflated", size, limits.bodyBytes));
			else if (!claim.grow(chunk.length)) fail(busy());
			else chunks.push(chunk);
		};
		incoming.on("data", countSent).on("close", cutOff).on("error", cutOff);
		source.on("data", keep).on("end", done).on("error", inflater ? broken : cutOff);
		if (inflater) incoming.pipe(inflater);
		if (incoming.destroyed) cutOff();
	});
}
const DISCARD_BYTES = 268435456;
const DISCARD_MS = 5e3;
function discardRest(incoming, maxBytes = DISCARD_BYTES, maxMs = DISCARD_MS) {
	if (incoming.readableEnded || incoming.destroyed) return Promise.resolve();
	return new Promise((resolve) => {
		let seen = 0;
		const done = () => {
			clearTimeout(timer);
			incoming.off("data", count).off("end", done).off("close", done).off("error", done);
			resolve();
		};
		const count = (chunk) => {
			seen += chunk.length;
			if (seen > maxBytes) done();
		};
		const timer = setTimeout(done, maxMs);
		incoming.on("data", count).on("end", done).on("close", done).on("error", done);
		incoming.resume();
	});
}
function encodingOf(header) {
	return (header ?? "identity").trim().toLowerCase() || "identity";
}
// src/receiver/refusal.ts
const RETRY_AFTER_S = {
	429: 1,
	503: 5
};
function refusalOf(error, now) {
	if (!(error instanceof TracegateError)) return {
		status: 500,
		message: "tracegate failed to take the spans; its log says why."
	};
	const message = messageOf(error);
	if (error.code === "bad-input") return {
		status: 400,
		message
	};
	if (error.code === "too-large") return {
		status: 413,
		message
	};
	if (error.code === "overloaded") return later(429, message, error.retryAt, now);
	if (error.retryable) {
		const refusal = later(503, message, error.retryAt, now);
		return {
			...refusal,
			...error.away && { message: awayMessage(error.away, refusal.retryAfterS) }
		};
	}
	return {
		status: 500,
		message
	};
}
function awayMessage({ service, address, reason }, retryAfterS) {
	return `${service} at ${address}, where tracegate keeps what it is sent, does not answer (${reason}), so this request was not taken. Send it again in ${retryAfterS} s; what arrives twice counts once.`;
}
function later(status, message, retryAt, now) {
	const seconds = retryAt === void 0 ? RETRY_AFTER_S[status] : Math.ceil((retryAt - now) / 1e3);
	return {
		status,
		message,
		retryAfterS: Math.max(1, seconds)
	};
}
// src/receiver/take-export.ts
const REQUEST_OVERHEAD_BYTES = 16384;
function openClaim(budget) {
	const claim = budget.claim();
	if (claim.grow(REQUEST_OVERHEAD_BYTES)) return claim;
	throw new TracegateError("overloaded", "Too many requests are under way. Send again later.", { retryable: true });
}
async function takeExport(kind, body, accept, setting) {
	const { bytes, encoding } = body;
	const isJson = encoding === "json" && bytes.length > 0;
	const split = kind.split(isJson ? kind.fromJson(textOf(bytes)) : bytes);
	if (split.fragments.length > 0) await accept(split.fragments, setting.clock.now());
	setting.tally.bytes += bytes.length;
	split.count(setting.tally);
	return {
		count: split.rejected,
		reason: split.reason
	};
}
function textOf(body) {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(body);
	} catch (error) {
		throw new TracegateError("bad-input", "The JSON body is not UTF-8.", { cause: error });
	}
}
// src/receiver/ingest.ts
async function ingest(incoming, accept, setting, kind = TRACES) {
	const { tally } = setting;
	tally.requests += 1;
	const format = encodingOfType(incoming.headers["content-type"]);
	const outcome = format === null ? unknownType(incoming) : await take(incoming, {
		format,
		kind
	}, accept, setting);
	if (outcome instanceof Response) return outcome;
	tally.refuse(outcome.status);
	await discardRest(incoming);
	return refuse(outcome, format ?? "json");
}
async function take(incoming, { format, kind }, accept, setting) {
	const { limits, budget, clock, onFault } = setting;
	const encoding = incoming.headers["content-encoding"];
	if (!isReadableEncoding(encoding)) return unknownEncoding(encoding);
	let claim;
	try {
		claim = openClaim(budget);
		return succeed(format, await takeExport(kind, {
			bytes: await readBody(incoming, limits, claim),
			encoding: format
		}, accept, setting), kind.rejectedField);
	} catch (error) {
		const refusal = refusalOf(error, clock.now());
		if (refusal.status >= 500) onFault?.(error);
		return refusal;
	} finally {
		claim?.release();
	}
}
function unknownType(incoming) {
	return {
		status: 415,
		message: `Content-Type ${incoming.headers["content-type"] ?? "(none)"} is not supported. Send application/x-protobuf or application/json.`
	};
}
function unknownEncoding(encoding) {
	return {
		status: 415,
		message: `Content-Encoding ${encoding} is not supported. Send one of ${ACCEPTED_ENCODINGS}.`,
		headers: { "Accept-Encoding": ACCEPTED_ENCODINGS }
	};
}
// src/receiver/capture-app.ts
function captureApp(trials, setting) {
	const app = new Hono({ strict: false });
	const unknown = (context) => {
		return refuse({
			status: 404,
			message: "No trial is open at this address; it has ended, or never began."
		}, encodingOfType(context.req.header("content-type")) ?? "json");
	};
	const take = (context, kind) => {
		const trial = trials.get(context.req.param("trial"));
		if (trial === void 0) return unknown(context);
		const accept = async (fragments) => {
			trial.spans.add(fragments);
			trial.changed();
		};
		return ingest(context.env.incoming, accept, setting, kind);
	};
	const takeShared = async (fragments) => trials.takeShared(fragments);
	for (const [path, kind] of exportPaths()) {
		app.post(`/case/:trial${path === "/" ? "" : path}`, (context) => take(context, kind));
		app.post(path, (context) => ingest(context.env.incoming, takeShared, setting, kind));
	}
	app.post("/v1/traces/:traceId/complete", (context) => trials.signalShared(context.req.param("traceId").toLowerCase()) ? context.body(null, 204) : unknown(context));
	app.post("/case/:trial/v1/traces/:traceId/complete", (context) => {
		const trial = trials.get(context.req.param("trial"));
		const traceId = context.req.param("traceId").toLowerCase();
		if (trial === void 0 || !TRACE_ID.test(traceId)) return unknown(context);
		trial.spans.signal(traceId);
		trial.changed();
		return context.body(null, 204);
	});
	app.notFound(unknown);
	return app;
}
export { captureApp };
