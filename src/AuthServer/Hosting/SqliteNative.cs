using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AuthServer.Hosting;

/// <summary>
/// Runs SQLite on the operating system's library instead of a bundled one: the distribution keeps it patched, and the packages that would bundle it cannot be restored
/// everywhere. <c>-p:SqliteStack=nuget</c> leaves this file out.
/// </summary>
internal static class SqliteNative
{
    private static readonly string Library =
        OperatingSystem.IsWindows() ? "winsqlite3.dll" : OperatingSystem.IsMacOS() ? "/usr/lib/libsqlite3.dylib" : "libsqlite3.so.0";

#pragma warning disable CA2255 // The provider has to be there before any code of this assembly opens a connection.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        // The data provider was built against a newer SQLitePCLRaw.core than the one that is referenced; everything it uses is in both.
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            name is { Name: "SQLitePCLRaw.core", Version: not null } ? context.LoadFromAssemblyName(new AssemblyName(name.Name)) : null;
        if (NativeLibrary.TryLoad(Library, out var handle)) UseSystemLibrary(handle);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseSystemLibrary(nint handle)
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? handle : 0);
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
    }
}
