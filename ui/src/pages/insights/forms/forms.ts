import type { Query } from "@/query/types";

export interface FormProps<Q extends Query> {
  query: Q;
  onChange: (query: Q) => void;
}
