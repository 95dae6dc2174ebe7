import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// Where `npm run dev` finds the API.
const server = process.env.BIHUAN_SERVER ?? "http://127.0.0.1:8480";

// The server's own pages: built into the Python package, served by the process that answers the API.
export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/bihuan/server/web/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  // The server takes changes only from pages of its own address.
  server: { proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } } },
});
