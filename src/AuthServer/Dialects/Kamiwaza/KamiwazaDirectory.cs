using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>The four kinds of the directory under one set of calls each; what they have in common stands once in <see cref="KamiwazaKind{T}"/>.</summary>
internal sealed class KamiwazaDirectory(DirectoryAdministration directory, Memberships memberships)
{
    public IReadOnlyList<IKamiwazaKind> Kinds { get; } = [new Organizations(directory), new Groups(directory, memberships), new Roles(directory, memberships), new Rights(directory)];

    private sealed class Organizations(DirectoryAdministration directory) : KamiwazaKind<Organization>(directory)
    {
        public override string Name => "organizations";
        protected override string What => "Organization";
        protected override Task<Outcome<Organization>> AddAsync(Actor actor, KamiwazaBody body, CancellationToken ct) => Directory.CreateOrganizationAsync(actor, FormOf(body), ct);
        protected override Task<Outcome<Organization>> ChangeAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct) => Directory.UpdateOrganizationAsync(actor, id, FormOf(body), null, ct);
        protected override Task<Outcome<Done>> DropAsync(Actor actor, string id, CancellationToken ct) => Directory.RemoveOrganizationAsync(actor, id, null, ct);
        protected override Task<JsonObject> ShapeAsync(Actor actor, Organization entry, CancellationToken ct) => Task.FromResult(KamiwazaShapes.Organization(entry));

        private static OrganizationForm FormOf(KamiwazaBody body) => new() { Name = body.Text("name"), Description = body.Text("description"), IdentityProvider = body.Object("idp_config") };
    }

    private sealed class Groups(DirectoryAdministration directory, Memberships memberships) : KamiwazaKind<Group>(directory)
    {
        public override string Name => "groups";
        protected override string What => "Group";
        protected override Task<Outcome<Group>> AddAsync(Actor actor, KamiwazaBody body, CancellationToken ct) => Directory.CreateGroupAsync(actor, FormOf(body), ct);
        protected override Task<Outcome<Group>> ChangeAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct) => Directory.UpdateGroupAsync(actor, id, FormOf(body), null, ct);
        protected override Task<Outcome<Done>> DropAsync(Actor actor, string id, CancellationToken ct) => Directory.RemoveGroupAsync(actor, id, null, ct);
        protected override async Task<JsonObject> ShapeAsync(Actor actor, Group entry, CancellationToken ct) => KamiwazaShapes.Group(entry, await PartsAsync<Role>(actor, new DirectoryFilter { GroupId = entry.Id }, ct));
        protected override Task<Raw?> ObjectionAsync(Actor actor, KamiwazaBody body, CancellationToken ct) => UnknownAsync<Role>(actor, body, "roles", ct);
        protected override Task<Refusal?> JoinAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct) => SetPartsAsync<Role>(actor, memberships, DirectoryLink.GroupRole, id, new DirectoryFilter { GroupId = id }, body.Ids("roles"), ct);

        private static GroupForm FormOf(KamiwazaBody body) => new() { Name = body.Text("name"), Description = body.Text("description") };
    }

    private sealed class Roles(DirectoryAdministration directory, Memberships memberships) : KamiwazaKind<Role>(directory)
    {
        public override string Name => "roles";
        protected override string What => "Role";
        protected override Task<Outcome<Role>> AddAsync(Actor actor, KamiwazaBody body, CancellationToken ct) => Directory.CreateRoleAsync(actor, FormOf(body), ct);
        protected override Task<Outcome<Role>> ChangeAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct) => Directory.UpdateRoleAsync(actor, id, FormOf(body), null, ct);
        protected override Task<Outcome<Done>> DropAsync(Actor actor, string id, CancellationToken ct) => Directory.RemoveRoleAsync(actor, id, null, ct);
        protected override async Task<JsonObject> ShapeAsync(Actor actor, Role entry, CancellationToken ct) => KamiwazaShapes.Role(entry, await PartsAsync<Right>(actor, new DirectoryFilter { RoleId = entry.Id }, ct));
        protected override Task<Raw?> ObjectionAsync(Actor actor, KamiwazaBody body, CancellationToken ct) => UnknownAsync<Right>(actor, body, "rights", ct);
        protected override Task<Refusal?> JoinAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct) => SetPartsAsync<Right>(actor, memberships, DirectoryLink.RoleRight, id, new DirectoryFilter { RoleId = id }, body.Ids("rights"), ct);

        private static RoleForm FormOf(KamiwazaBody body) => new() { Name = body.Text("name"), Description = body.Text("description") };
    }

    private sealed class Rights(DirectoryAdministration directory) : KamiwazaKind<Right>(directory)
    {
        public override string Name => "rights";
        protected override string What => "Right";
        protected override Task<Outcome<Right>> AddAsync(Actor actor, KamiwazaBody body, CancellationToken ct) => Directory.CreateRightAsync(actor, FormOf(body), ct);
        protected override Task<Outcome<Right>> ChangeAsync(Actor actor, string id, KamiwazaBody body, CancellationToken ct) => Directory.UpdateRightAsync(actor, id, FormOf(body), null, ct);
        protected override Task<Outcome<Done>> DropAsync(Actor actor, string id, CancellationToken ct) => Directory.RemoveRightAsync(actor, id, null, ct);
        protected override Task<JsonObject> ShapeAsync(Actor actor, Right entry, CancellationToken ct) => Task.FromResult(KamiwazaShapes.Right(entry));

        private static RightForm FormOf(KamiwazaBody body) => new() { Name = body.Text("name"), Description = body.Text("description") };
    }
}
