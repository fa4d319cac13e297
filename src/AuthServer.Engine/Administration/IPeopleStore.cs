namespace AuthServer.Engine.Administration;

/// <param name="Place">Where in the list, for <see cref="Cursor"/>.</param>
public sealed record ListedPerson(Person Person, IReadOnlyList<string> Place);

/// <summary>Database verbs of people, as the administration needs them. Single people are read and written by Identity.</summary>
public interface IPeopleStore
{
    /// <param name="after">The <see cref="ListedPerson.Place"/> of the last one shown; null: from the beginning. One that is not of this order means the beginning too.</param>
    Task<IReadOnlyList<ListedPerson>> ListAsync(PeopleFilter filter, PeopleOrder order, bool down, IReadOnlyList<string>? after, int most, CancellationToken ct);

    /// <summary>By user name, for protocols that page by position.</summary>
    Task<(IReadOnlyList<Person> People, int Total)> SliceAsync(PeopleFilter filter, int skip, int take, CancellationToken ct);

    Task<Person?> FindAsync(string id, CancellationToken ct);

    /// <summary>Whether there is somebody with this number.</summary>
    Task<bool> HasNumberAsync(int number, CancellationToken ct);

    /// <summary>False where nobody was changed: the person is gone, or is the last administrator who can sign in.</summary>
    Task<bool> TryDisableAsync(string id, DateTimeOffset now, CancellationToken ct);

    /// <summary>False where nobody was changed: the person is gone, or is the last administrator who can sign in.</summary>
    Task<bool> TryTakeAdministrationAsync(string id, DateTimeOffset now, CancellationToken ct);
}
