// One address or one button: nothing here needs a script, and a first visit stays light.
export const csr = false;
