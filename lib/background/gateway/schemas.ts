/** Readers of answers. Most return undefined if nothing fits. */
export { readCheck, readInvite, readJoin, readSent } from "./read-calls";
export { readGroup, readGroups, readInstances } from "./read-groups";
export { readMembers } from "./read-members";
export { readContactList, readMemberNames } from "./read-names";
export { readResults } from "./read-results";
