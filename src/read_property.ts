/**
 * Reads a property of an object that came from outside: its own, or one that its class defines.
 *
 * What stands on the last prototype of the chain, the `Object.prototype` of whatever realm, is ignored:
 * one careless merge of JSON anywhere in the process can put it there for every object.
 */
export function readProperty(object: object, name: PropertyKey): unknown {
  return isInheritedFromRoot(object, name) ? undefined : Reflect.get(object, name);
}

function isInheritedFromRoot(object: object, name: PropertyKey): boolean {
  if (Object.hasOwn(object, name)) return false;
  for (let holder = Object.getPrototypeOf(object); holder !== null;) {
    const next = Object.getPrototypeOf(holder);
    if (Object.hasOwn(holder, name)) return next === null;
    holder = next;
  }
  return false;
}
