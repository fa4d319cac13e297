using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Mail;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Engine.Administration;

/// <summary>People: find, create, change, delete. How they get in is <see cref="PersonAccess"/>, what they are in the directory <see cref="Memberships"/>.</summary>
public sealed class PeopleAdministration(
    IPeopleStore people, IDirectoryStore directory, PersonWriter writer, PersonAccess access, Reach reach, IAccountDeletionStore deletion, HashingGate gate, IPostOffice post, IAuditTrail audit, TimeProvider clock)
{
    private static readonly (string Name, PeopleOrder Order)[] Orders = [("user_name", PeopleOrder.UserName), ("created_at", PeopleOrder.CreatedAt), ("number", PeopleOrder.Number)];
    private const int LongestExternalId = 256;

    /// <summary>By user name, or as the request says; what a search found comes with the best match first, members of a group or role by their ids.</summary>
    public async Task<Outcome<Page<Person>>> ListAsync(Actor actor, PeopleFilter filter, PageRequest request, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersRead)) return Refusal.Lacks(AdminRights.UsersRead);
        if (!TryOrder(filter, request.Sort, out var order, out var down)) return Refusal.Invalid(new Objection("sort", "unknown", "Sort by one of: " + string.Join(", ", Orders.Select(static o => o.Name)) + "; with a minus before it the other way round. What a search finds comes with the best match first."));

        var limit = Math.Clamp(request.Limit, 1, PageRequest.MaximumLimit);
        var found = await people.ListAsync(filter, order, down, Cursor.Read(request.Cursor, order is PeopleOrder.CreatedAt or PeopleOrder.Match ? 2 : 1), limit + 1, ct);
        return found.Count <= limit
            ? new Page<Person>([.. found.Select(static f => f.Person)], null)
            : new Page<Person>([.. found.Take(limit).Select(static f => f.Person)], Cursor.Write(found[limit - 1].Place));
    }

    /// <summary>By user name and position, with how many there are in all: for protocols that page so (RFC 7644 §3.4.2.4).</summary>
    public async Task<Outcome<PeopleSlice>> SliceAsync(Actor actor, PeopleFilter filter, int skip, int take, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersRead)) return Refusal.Lacks(AdminRights.UsersRead);
        var (found, total) = await people.SliceAsync(filter, Math.Max(0, skip), Math.Clamp(take, 0, PageRequest.MaximumLimit), ct);
        return new PeopleSlice(found, total);
    }

    public async Task<Outcome<Person>> FindAsync(Actor actor, string id, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersRead)) return Refusal.Lacks(AdminRights.UsersRead);
        return await people.FindAsync(id, ct) is { } person ? person : Refusal.NotFound;
    }

    public async Task<Outcome<Person>> FindByNameAsync(Actor actor, string userName, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersRead)) return Refusal.Lacks(AdminRights.UsersRead);
        return await people.SliceAsync(new PeopleFilter { UserName = userName }, 0, 1, ct) is ([var person], _) ? person : Refusal.NotFound;
    }

    public async Task<Outcome<Person>> CreateAsync(Actor actor, PersonForm form, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersWrite)) return Refusal.Lacks(AdminRights.UsersWrite);
        if (form.Administrator && !actor.IsAdministrator) return Refusal.NotYours("Only an administrator makes an administrator.");
        using var place = form.Password is null ? null : gate.TryTake();
        if (form.Password is not null && place is null) return Refusal.Busy;

        var now = clock.GetUtcNow();
        var objections = new List<Objection>();
        var user = new User { Id = IdOf(form, objections), Number = form.Number ?? 0, CreatedAt = now, UpdatedAt = now, IsAdministrator = form.Administrator, Disabled = form.Disabled == true };
        if (form.Number is <= 0) objections.Add(new Objection("number", "malformed", "A number from 1 to 2147483647."));
        if (string.IsNullOrEmpty(form.UserName)) objections.Add(new Objection("user_name", "required", "A person has a user name."));
        if (await FillAsync(actor, user, form, objections, ct) is { } refusal) return refusal;

        var outcome = await writer.AddAsync(user, CheckAsync, HashAsync, ct);
        if (outcome.TryGet(out var made, out _))
            audit.Record(new AuditEvent(form.Administrator ? AuditKind.AdministratorCreated : AuditKind.UserChanged, Subject: made.Id, Address: actor.Address, Detail: "created", Actor: actor.AuditName));
        return outcome;

        async Task<IReadOnlyList<Objection>> CheckAsync(UserManager<User> users)
        {
            if (form.Password is { } password)
                foreach (var rules in users.PasswordValidators) objections.AddRange((await rules.ValidateAsync(users, user, password)).Errors.Select(FieldFault.Of).Select(AccountObjections.Of));
            return objections;
        }

        async Task HashAsync(UserManager<User> users)
        {
            if (form.Password is not { } password) return;
            user.PasswordHash = await place!.RunAsync(() => Task.FromResult(users.PasswordHasher.HashPassword(user, password)), ct);
            user.PasswordChangedAt = now;
        }
    }

    /// <param name="version">The one the actor has read; null: whichever there is.</param>
    public async Task<Outcome<Person>> UpdateAsync(Actor actor, string id, PersonForm change, string? version, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersWrite)) return Refusal.Lacks(AdminRights.UsersWrite);
        if (await reach.OverPersonAsync(actor, id, ct) is { } tooFar) return tooFar;
        // Said before anything is changed: half of a change is none.
        if (change.Disabled == true && await access.IsLastAdministratorAsync(id, ct)) return PersonAccess.LastAdministrator;

        var outcome = await writer.ChangeAsync(id, version, async (_, user) =>
        {
            var objections = new List<Objection>();
            if (change.UserName is "") objections.Add(new Objection("user_name", "required", "A person has a user name."));
            if (await FillAsync(actor, user, change, objections, ct) is { } refusal) return refusal;
            if (objections.Count > 0) return Refusal.Invalid(objections);
            if (change.Disabled == false) user.Disabled = false;
            user.UpdatedAt = clock.GetUtcNow();
            return null;
        }, ct);
        if (!outcome.TryGet(out var person, out _)) return outcome;
        audit.Record(new AuditEvent(AuditKind.UserChanged, Subject: id, Address: actor.Address, Detail: "changed: " + string.Join(", ", Members(change)), Actor: actor.AuditName));
        return change.Disabled == true && !person.Disabled ? await access.SetDisabledAsync(actor, id, true, ct) : outcome;
    }

    /// <summary>Everything of theirs goes too: sessions, grants, keys, factors, memberships. The audit trail keeps its lines.</summary>
    public async Task<Outcome<Done>> RemoveAsync(Actor actor, string id, string? version, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersWrite)) return Refusal.Lacks(AdminRights.UsersWrite);
        if (await reach.OverPersonAsync(actor, id, ct) is { } tooFar) return tooFar;
        if (await people.FindAsync(id, ct) is not { } person) return Refusal.NotFound;
        if (version is not null && version != person.Version) return Refusal.Stale;
        if (!await deletion.TryDeleteAsync(id, ct)) return await people.FindAsync(id, ct) is null ? Refusal.NotFound : PersonAccess.LastAdministrator;

        audit.Record(new AuditEvent(AuditKind.AccountDeleted, Subject: id, Address: actor.Address, Detail: "by an administrator", Actor: actor.AuditName));
        if (person is { EmailVerified: true, Email: { } to }) post.Post(new Letter { Kind = MailKind.AccountDeleted, To = to, Name = person.UserName, Values = LetterValues.Of(clock.GetUtcNow(), null, null) });
        return Done.It;
    }

    /// <summary>Puts the form on the person. What is wrong goes to the objections; answers where the actor may not.</summary>
    private async Task<Refusal?> FillAsync(Actor actor, User user, PersonForm form, List<Objection> objections, CancellationToken ct)
    {
        if (form.UserName is { Length: > 0 } name) user.UserName = name;
        objections.AddRange(UserProfile.Apply(ClaimsOf(form, objections), user).Select(AccountObjections.OfClaim));
        if (form.PasswordResetRequired is { } reset) user.PasswordResetRequired = reset;
        if (form.ExternalId is { } external)
        {
            if (external.Length > LongestExternalId || external.Any(char.IsControl)) objections.Add(new Objection("external_id", "malformed", $"At most {LongestExternalId} characters, none of them a control character."));
            user.ExternalId = external.Length == 0 ? null : external;
        }

        var organization = form.OrganizationId is { Length: > 0 } wanted ? wanted : null;
        if (form.OrganizationId is null || organization == user.OrganizationId) return null;
        if (!actor.May(AdminRights.DirectoryWrite)) return Refusal.Lacks(AdminRights.DirectoryWrite);
        if (organization is not null && await directory.FindAsync<Organization>(organization, ct) is null) objections.Add(new Objection("organization_id", "unknown", "There is no such organization."));
        else user.OrganizationId = organization;
        return null;
    }

    /// <summary>The members of the form that are claims, as one object of claims.</summary>
    private static JsonElement ClaimsOf(PersonForm form, List<Objection> objections)
    {
        var claims = new JsonObject();
        if (form.Claims is { } given && given.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            if (given.ValueKind != JsonValueKind.Object) objections.Add(new Objection("claims", "malformed", "A JSON object of claims."));
            else
                foreach (var claim in given.EnumerateObject())
                {
                    if (claim.Name is "email" or "email_verified" or "phone_number" or "phone_number_verified") objections.Add(new Objection("claims." + claim.Name, "not_allowed", $"Use the member {claim.Name} beside claims."));
                    else if (!claims.TryAdd(claim.Name, JsonNode.Parse(claim.Value.GetRawText()))) objections.Add(new Objection("claims." + claim.Name, "malformed", $"{claim.Name} is there twice."));
                }
        }

        if (form.Email is { } email) claims["email"] = email.Length == 0 ? null : email;
        if (form.EmailVerified is { } emailVerified) claims["email_verified"] = emailVerified;
        if (form.PhoneNumber is { } phone) claims["phone_number"] = phone.Length == 0 ? null : phone;
        if (form.PhoneNumberVerified is { } phoneVerified) claims["phone_number_verified"] = phoneVerified;
        return JsonSerializer.SerializeToElement(claims);
    }

    private static string IdOf(PersonForm form, List<Objection> objections)
    {
        if (form.Id is null) return Guid.NewGuid().ToString();
        if (Guid.TryParseExact(form.Id, "D", out var id) && id.Version == 4) return id.ToString();
        objections.Add(new Objection("id", "malformed", "A version 4 UUID of 36 characters (RFC 9562 §5.4)."));
        return Guid.NewGuid().ToString();
    }

    private static IEnumerable<string> Members(PersonForm change)
    {
        if (change.UserName is not null) yield return "user_name";
        if (change.Email is not null || change.EmailVerified is not null) yield return "email";
        if (change.PhoneNumber is not null || change.PhoneNumberVerified is not null) yield return "phone_number";
        if (change.Claims is { ValueKind: JsonValueKind.Object } claims)
            foreach (var claim in claims.EnumerateObject()) yield return claim.Name;
        if (change.PasswordResetRequired is not null) yield return "password_reset_required";
        if (change.OrganizationId is not null) yield return "organization_id";
        if (change.ExternalId is not null) yield return "external_id";
        if (change.Disabled is not null) yield return "disabled";
    }

    private static bool TryOrder(PeopleFilter filter, string? sort, out PeopleOrder order, out bool down)
    {
        (order, down) = (UserWords.Typed(filter.Search).Count > 0 ? PeopleOrder.Match : filter.GroupId is not null || filter.RoleId is not null ? PeopleOrder.Member : PeopleOrder.UserName, sort is ['-', ..]);
        if (string.IsNullOrEmpty(sort)) return true;
        var name = down ? sort[1..] : sort;
        if (order == PeopleOrder.Match || !Array.Exists(Orders, o => o.Name == name)) return false;
        order = Array.Find(Orders, o => o.Name == name).Order;
        return true;
    }
}

/// <param name="Total">How many the filter finds in all.</param>
public sealed record PeopleSlice(IReadOnlyList<Person> People, int Total);
