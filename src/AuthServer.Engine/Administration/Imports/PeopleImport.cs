using System.Data.Common;
using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration.Imports;

/// <summary>Brings in people of another system, many at a time, with their ids, numbers, password hashes and memberships. Never makes an administrator.</summary>
public sealed class PeopleImport(IPeopleImportStore store, IDirectoryStore directory, DirectoryAdministration administration, Reach reach, IAuditTrail audit, TimeProvider clock)
{
    public Outcome<PeopleImportRun> Begin(Actor actor, PeopleImportOptions options)
    {
        foreach (var right in new[] { AdminRights.UsersWrite, AdminRights.DirectoryWrite, AdminRights.RolesWrite })
            if (!actor.May(right)) return Refusal.Lacks(right);
        return new PeopleImportRun(store, new DirectoryLookup(directory, administration, reach, actor, options), audit, clock, actor, options);
    }
}

/// <summary>One import under way. Its lines come in batches, each of which is written whole or, where one person stands against it, person by person.</summary>
public sealed class PeopleImportRun
{
    private readonly IPeopleImportStore _store;
    private readonly DirectoryLookup _lookup;
    private readonly IAuditTrail _audit;
    private readonly TimeProvider _clock;
    private readonly Actor _actor;
    private readonly PeopleImportOptions _options;

    // What the lines so far have taken: a dry run writes nothing that could be found.
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<int> _numbers = [];
    private readonly HashSet<string> _userNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _emails = new(StringComparer.Ordinal);

    internal PeopleImportRun(IPeopleImportStore store, DirectoryLookup lookup, IAuditTrail audit, TimeProvider clock, Actor actor, PeopleImportOptions options) =>
        (_store, _lookup, _audit, _clock, _actor, _options) = (store, lookup, audit, clock, actor, options);

    public async Task<PeopleImported> WriteAsync(IReadOnlyList<PersonLine> lines, CancellationToken ct)
    {
        var refused = new List<RefusedLine>();
        var read = Read(lines, refused);
        var there = await _store.FindAsync([.. read.Select(static r => r.User.Id)], [.. read.Select(static r => r.User.Number).Where(static n => n > 0)], [.. read.Select(static r => r.User.NormalizedUserName!)],
            [.. read.Where(static r => r.User.EmailConfirmed).Select(static r => r.User.NormalizedEmail!)], ct);

        var made = _lookup.Created.Count;
        var skipped = 0;
        var add = new List<(PersonToAdd Person, string Format)>();
        foreach (var (line, person, user, format) in read)
        {
            if (_options.Resume && IsThere(person, user, there)) skipped++;
            else if (Double(user, there) is { } taken) refused.Add(new RefusedLine(line, taken));
            else if (await JoinAsync(line, person, user, ct) is var (ready, fault) && ready is null) refused.Add(new RefusedLine(line, fault!));
            else
            {
                Take(user);
                add.Add((ready, format));
            }
        }

        if (!_options.DryRun) add = await WriteAsync(add, refused, ct);
        var formats = add.CountBy(static a => a.Format).ToDictionary(StringComparer.Ordinal);
        if (add.Count > 0 && !_options.DryRun) Record(lines, add.Count);
        return new PeopleImported(add.Count, skipped, formats, [.. refused.OrderBy(static r => r.Line)], _lookup.Created[made..]);
    }

    private List<(int Line, ImportedPerson Person, User User, string Format)> Read(IReadOnlyList<PersonLine> lines, List<RefusedLine> refused)
    {
        var now = _clock.GetUtcNow();
        var read = new List<(int, ImportedPerson, User, string)>(lines.Count);
        foreach (var (line, person, fault) in lines)
        {
            if (person is null) refused.Add(new RefusedLine(line, fault ?? "the line cannot be read"));
            else if (PersonReader.Read(person, now, out var format, out var wrong) is { } user) read.Add((line, person, user, format));
            else refused.Add(new RefusedLine(line, wrong!));
        }

        return read;
    }

    /// <summary>By the id where the file has one, else by the user name; a line that comes twice is not somebody who was here before.</summary>
    private bool IsThere(ImportedPerson person, User user, PeopleThere there) =>
        string.IsNullOrEmpty(person.Id) ? there.UserNames.Contains(user.NormalizedUserName!) && !_userNames.Contains(user.NormalizedUserName!) : there.Ids.Contains(user.Id) && !_ids.Contains(user.Id);

    private string? Double(User user, PeopleThere there) =>
        _ids.Contains(user.Id) ? "this id stands in an earlier line"
        : there.Ids.Contains(user.Id) ? "there is a person with this id"
        : user.Number != 0 && _numbers.Contains(user.Number) ? $"the number {user.Number.ToString(CultureInfo.InvariantCulture)} stands in an earlier line"
        : there.Numbers.Contains(user.Number) ? $"there is a person with the number {user.Number.ToString(CultureInfo.InvariantCulture)}"
        : _userNames.Contains(user.NormalizedUserName!) ? $"the user name {user.UserName} stands in an earlier line"
        : there.UserNames.Contains(user.NormalizedUserName!) ? $"the user name {user.UserName} is taken"
        : !user.EmailConfirmed ? null
        : _emails.Contains(user.NormalizedEmail!) ? $"the verified address {user.Email} stands in an earlier line"
        : there.VerifiedEmails.Contains(user.NormalizedEmail!) ? $"somebody else has verified the address {user.Email}"
        : null;

    private void Take(User user)
    {
        _ids.Add(user.Id);
        _userNames.Add(user.NormalizedUserName!);
        if (user.Number != 0) _numbers.Add(user.Number);
        if (user.EmailConfirmed) _emails.Add(user.NormalizedEmail!);
    }

    private async Task<(PersonToAdd? Person, string? Fault)> JoinAsync(int line, ImportedPerson person, User user, CancellationToken ct)
    {
        var (roles, groups) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var name in person.Roles)
        {
            var (id, fault) = await _lookup.RoleAsync(name, ct);
            if (id is null) return (null, fault);
            roles.Add(id);
        }

        foreach (var name in person.Groups)
        {
            var (id, fault) = await _lookup.GroupAsync(name, ct);
            if (id is null) return (null, fault);
            groups.Add(id);
        }

        if (!string.IsNullOrWhiteSpace(person.Organization))
        {
            var (id, fault) = await _lookup.OrganizationAsync(person.Organization, ct);
            if (id is null) return (null, fault);
            user.OrganizationId = id;
        }

        return (new PersonToAdd(line, user, [.. roles], [.. groups]), null);
    }

    private async Task<List<(PersonToAdd Person, string Format)>> WriteAsync(List<(PersonToAdd Person, string Format)> people, List<RefusedLine> refused, CancellationToken ct)
    {
        if (people.Count == 0) return people;
        try
        {
            await _store.AddAsync([.. people.Select(static p => p.Person)], ct);
            return people;
        }
        catch (DbException) when (people.Count > 1)
        {
            // Somebody registered under one of the names since the look, or was given one of the numbers: the others do not pay for it.
        }
        catch (DbException)
        {
            if (await WhyNotAsync(people[0].Person.User, ct) is not { } reason) throw;
            refused.Add(new RefusedLine(people[0].Person.Line, reason));
            return [];
        }

        var written = new List<(PersonToAdd, string)>(people.Count);
        foreach (var person in people) written.AddRange(await WriteAsync([person], refused, ct));
        return written;
    }

    /// <summary>Null: nothing of theirs is somebody else's, so the database itself is in trouble.</summary>
    private async Task<string?> WhyNotAsync(User user, CancellationToken ct)
    {
        var there = await _store.FindAsync([user.Id], user.Number > 0 ? [user.Number] : [], [user.NormalizedUserName!], user.EmailConfirmed ? [user.NormalizedEmail!] : [], ct);
        return there is { Ids.Count: 0, Numbers.Count: 0, UserNames.Count: 0, VerifiedEmails.Count: 0 } ? null : "somebody else got this id, number, user name or address at the same moment";
    }

    private void Record(IReadOnlyList<PersonLine> lines, int added) => _audit.Record(new AuditEvent(
        AuditKind.PeopleImported, Address: _actor.Address, Actor: _actor.AuditName, Detail: string.Create(CultureInfo.InvariantCulture, $"{added} people, lines {lines[0].Line} to {lines[^1].Line} of {_options.Source}")));
}
