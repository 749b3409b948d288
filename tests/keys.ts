/** The key of every portal that tests start, and of the tests themselves. It seals nothing outside of them. */
export const TEST_KEYS = 'test:0c2b538c8676cec342cfe79e97457f95dc80859823c6add6a87ec688b627a44b';
