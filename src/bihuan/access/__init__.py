"""Projects, sources, write keys, API keys, and who may do what."""

from __future__ import annotations

from bihuan.access.actors import Acting, Actor, Visitor
from bihuan.access.audit.routes import router as audit_router
from bihuan.access.audit.service import record as record_change
from bihuan.access.audit.service import record_alone as record_act
from bihuan.access.audit.service import verify as verify_audit_log
from bihuan.access.bootstrap import ADMIN_KEY_FILE, Bootstrap, bootstrap
from bihuan.access.browser import BrowserSecurity
from bihuan.access.browser import policy as content_security_policy
from bihuan.access.callers import Caller, Holder, authenticate, caller_of
from bihuan.access.errors import (
    ApiKeyMissing,
    ApiKeyNotFound,
    InstanceKeyNeeded,
    PermissionMissing,
    ProjectExists,
    ProjectNotFound,
    SourceExists,
    SourceNotFound,
    TimeZoneUnknown,
    WriteKeyNotFound,
    WriteKeyUnknown,
)
from bihuan.access.members.instance_routes import router as instance_router
from bihuan.access.members.joining import first_setup_link, setup_link
from bihuan.access.members.routes import router as members_router
from bihuan.access.models import ApiKey, Project, Source, WriteKey
from bihuan.access.oidc.provider import OidcProvider
from bihuan.access.oidc.routes import router as oidc_router
from bihuan.access.permissions import (
    DECLARED,
    AnyCaller,
    Auditor,
    ControlDatabase,
    DataEditor,
    Eraser,
    Exporter,
    InsightEditor,
    InstanceAdmin,
    MemberManager,
    ProjectManager,
    ProjectPath,
    Public,
    SameRights,
    SignedIn,
    Unmasker,
    Viewer,
)
from bihuan.access.personal.callers import CallerSight, Sight
from bihuan.access.personal.masking import Mask
from bihuan.access.personal.service import mask_for
from bihuan.access.roles import PERMISSIONS, ROLE_PERMISSIONS, ROLES, Permission, Role, Scope
from bihuan.access.routes import router
from bihuan.access.schemas import ProjectChange, ProjectInput, ProjectOutput
from bihuan.access.secret_values import instance_secret
from bihuan.access.service import (
    change_project,
    create_api_key,
    create_project,
    create_source,
    create_write_key,
    delete_project,
    delete_source,
    get_project,
    get_source,
    rename_source,
    revoke_api_key,
    revoke_write_key,
)
from bihuan.access.sessions.me_routes import router as me_router
from bihuan.access.sessions.routes import router as sessions_router
from bihuan.access.signals import ProjectChanged, ProjectCreated, ProjectDeleted, WriteKeysChanged
from bihuan.access.standing import permissions_of_actor
from bihuan.access.write_keys import WriteKeyCache, WriteKeyTarget

ROUTERS = (router, sessions_router, me_router, members_router, instance_router, audit_router, oidc_router)

__all__ = [
    "ADMIN_KEY_FILE",
    "DECLARED",
    "PERMISSIONS",
    "ROLES",
    "ROLE_PERMISSIONS",
    "ROUTERS",
    "Acting",
    "Actor",
    "AnyCaller",
    "ApiKey",
    "ApiKeyMissing",
    "ApiKeyNotFound",
    "Auditor",
    "Bootstrap",
    "BrowserSecurity",
    "Caller",
    "CallerSight",
    "ControlDatabase",
    "DataEditor",
    "Eraser",
    "Exporter",
    "Holder",
    "InsightEditor",
    "InstanceAdmin",
    "InstanceKeyNeeded",
    "Mask",
    "MemberManager",
    "OidcProvider",
    "Permission",
    "PermissionMissing",
    "Project",
    "ProjectChange",
    "ProjectChanged",
    "ProjectCreated",
    "ProjectDeleted",
    "ProjectExists",
    "ProjectInput",
    "ProjectManager",
    "ProjectNotFound",
    "ProjectOutput",
    "ProjectPath",
    "Public",
    "Role",
    "SameRights",
    "Scope",
    "Sight",
    "SignedIn",
    "Source",
    "SourceExists",
    "SourceNotFound",
    "TimeZoneUnknown",
    "Unmasker",
    "Viewer",
    "Visitor",
    "WriteKey",
    "WriteKeyCache",
    "WriteKeyNotFound",
    "WriteKeyTarget",
    "WriteKeyUnknown",
    "WriteKeysChanged",
    "authenticate",
    "bootstrap",
    "caller_of",
    "change_project",
    "content_security_policy",
    "create_api_key",
    "create_project",
    "create_source",
    "create_write_key",
    "delete_project",
    "delete_source",
    "first_setup_link",
    "get_project",
    "get_source",
    "instance_secret",
    "mask_for",
    "permissions_of_actor",
    "record_act",
    "record_change",
    "rename_source",
    "revoke_api_key",
    "revoke_write_key",
    "router",
    "setup_link",
    "verify_audit_log",
]
