import { a } from './a.js';

export const LIMIT = 10;
const handler = (event) => event.target;

class Queue extends Base {
  #items = [];
  static create() { return new Queue(); }
  get length() { return this.#items.length; }
  onDone = () => {};
}

function* walk(tree) { yield tree; }
async function fetchAll(urls) { return urls; }
module.exports.close = function () {};
const routes = { list: () => [], show(id) { return id; } };
export { Frame, Packet as Parcel } from "./wire.js";
export * as wire from "./wire.js";
export { Local };
var legacyVar = 1;
const { pick1, pick2: renamed, pick3 = 1, ...others } = require('x');
export const [first1, second1] = pair();
export const handlers = { 'on-key': () => 1, onTap() {}, *walk() {} };
class A { #secret = 1; static count = 0; 'quoted name'() {} get value() { return 1 } #hidden() {} }
const Card = React.memo(function CardInner() {});
module.exports.version = 1;
Pool.prototype['close-all'] = function () {};
