// Public pages need no script: they are read, printed, and forms elsewhere do the work. A first visit stays light.
export const csr = false;
