import type { JsonValue } from "../core/json.ts";
import type { Attributes } from "../core/span.ts";
import type { LongText } from "./long-text.ts";

/**
 * Attributes under construction. Seen from outside a plain object; but a long text stays bytes until its
 * attribute is read, and {@link longTextOf} hands it out as it is.
 */
export class AttributeMap {
  [key: string]: JsonValue;
  #long: Map<string, LongText> | undefined;

  /** A later value of the same key wins. */
  static set(target: AttributeMap, key: string, value: JsonValue): void {
    // `__proto__` is a legal key and must not become the prototype; a getter cannot be assigned to.
    if (key === "__proto__" || target.#long?.delete(key)) {
      Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
    } else target[key] = value;
  }

  static setLong(target: AttributeMap, key: string, text: LongText): void {
    target.#long ??= new Map();
    target.#long.set(key, text);
    Object.defineProperty(target, key, getterOf(key));
  }

  static longText(attributes: Attributes, key: string): LongText | undefined {
    return #long in attributes ? attributes.#long?.get(key) : undefined;
  }
}

/** The attribute as a long text that may not be decoded yet; undefined for any other value. */
export function longTextOf(attributes: Attributes, key: string): LongText | undefined {
  return AttributeMap.longText(attributes, key);
}

/** Getters by name: objects stay alike, and so fast, only when equal attributes share their getters. */
const getters = new Map<string, PropertyDescriptor>();
const MAX_GETTERS = 1000;

function getterOf(key: string): PropertyDescriptor {
  const known = getters.get(key);
  if (known) return known;
  const descriptor: PropertyDescriptor = {
    get(this: Attributes) {
      return AttributeMap.longText(this, key)?.toString();
    },
    enumerable: true,
    configurable: true,
  };
  if (getters.size < MAX_GETTERS) getters.set(key, descriptor);
  return descriptor;
}
