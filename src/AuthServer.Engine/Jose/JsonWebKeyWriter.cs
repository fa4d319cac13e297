using System.Text.Json;

namespace AuthServer.Engine.Jose;

internal static class JsonWebKeyWriter
{
    public static void Write(Utf8JsonWriter writer, JsonWebKey key, bool includePrivate)
    {
        writer.WriteStartObject();
        writer.WriteString("kty", key.Kty);
        Write(writer, "use", key.Use);
        Write(writer, "alg", key.Alg);
        Write(writer, "kid", key.Kid);
        Write(writer, "crv", key.Crv);
        Write(writer, "x", key.X);
        Write(writer, "y", key.Y);
        Write(writer, "n", key.N);
        Write(writer, "e", key.E);
        if (includePrivate && key.Private is { } secret)
        {
            Write(writer, "d", secret.D);
            Write(writer, "p", secret.P);
            Write(writer, "q", secret.Q);
            Write(writer, "dp", secret.Dp);
            Write(writer, "dq", secret.Dq);
            Write(writer, "qi", secret.Qi);
            Write(writer, "k", secret.K);
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }
}
