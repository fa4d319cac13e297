using System.Text.Json.Serialization;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Tokens;

namespace AuthServer.Storage.Sql;

/// <summary>What is kept as JSON text.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(GrantDetails))]
[JsonSerializable(typeof(PendingProofs))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<ClientSecret>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
internal sealed partial class StorageJson : JsonSerializerContext;
