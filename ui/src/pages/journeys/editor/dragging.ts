/** What is dragged from the palette. */
export const DRAGGED = "application/x-bihuan-node";
