/**
 * Our own words for what the product deals with. The gateway's words end in `lib/background/gateway`; everything else
 * (store, commands, screens, tests) uses these. Times are milliseconds since 1970 unless a name says otherwise.
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
