import { defineConfig } from "vite";

// The web SDK: one file beside the pages, for the sites of others. Built after them.
export default defineConfig({
  build: {
    outDir: "../src/bihuan/server/web/static",
    emptyOutDir: false,
    copyPublicDir: false,
    // Browsers of the last five years.
    target: ["es2020", "chrome87", "firefox84", "safari14"],
    lib: { entry: "sdk/bihuan.ts", formats: ["iife"], name: "bihuanSdk", fileName: () => "bihuan.js" },
  },
});
