import { BarChart, BoxplotChart, CustomChart, GraphChart, LineChart, PieChart, SankeyChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as core from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

core.use([
  BarChart,
  BoxplotChart,
  CustomChart,
  GraphChart,
  LineChart,
  PieChart,
  SankeyChart,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export { core };
