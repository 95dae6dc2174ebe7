export { AudiencesPage } from "./audiences/AudiencesPage";
export { PeoplePage } from "./list/PeoplePage";
export { PersonPage } from "./person/PersonPage";
