/**
 * The product's types; only `lib/background/gateway` uses the gateway's. Times are ms since 1970 unless a name says
 * otherwise.
 */
export * from "./model/connection";
export * from "./model/failure";
export * from "./model/group";
export * from "./model/invite";
export * from "./model/job";
export * from "./model/person";
export * from "./model/set";
export * from "./model/settings";
export * from "./model/step";
