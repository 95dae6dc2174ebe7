import { defineConfig } from "vite";

// What shows messages inside the app: a file beside the web SDK, which fetches it when it is needed.
export default defineConfig({
  build: {
    outDir: "../src/bihuan/server/web/static",
    emptyOutDir: false,
    copyPublicDir: false,
    target: ["es2020", "chrome87", "firefox84", "safari14"],
    lib: { entry: "sdk/inapp/index.ts", formats: ["iife"], name: "bihuanInApp", fileName: () => "bihuan-inapp.js" },
  },
});
