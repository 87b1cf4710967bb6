/** The readers of a gateway's answers. Each takes a body as it came and returns what it holds; undefined when it holds none of it. */
export { readCheck, readInvite, readJoin, readSent } from "./read-calls";
export { readGroup, readGroups, readInstances } from "./read-groups";
export { readMembers } from "./read-members";
export { readResults } from "./read-results";
