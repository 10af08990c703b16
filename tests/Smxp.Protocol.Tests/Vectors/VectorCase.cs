using System.Text;
using System.Text.Json;

namespace Smxp.Protocol.Tests.Vectors;

/// <summary>One of the published envelope vectors: what goes over the wire, and what must come of it.</summary>
public sealed record VectorCase(string Name, string Algorithm, string Wire, string? SignedText, string? IdPreimage, string? Id, bool Valid)
{
    private static readonly JsonElement Document = JsonElement.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "envelopes.json")));

    public static IReadOnlyList<VectorCase> All { get; } =
        [.. Document.GetProperty("cases").EnumerateArray().Select(c => c.Deserialize<VectorCase>(JsonOptions)!)];

    public static TheoryData<string> Names => new(All.Select(c => c.Name));

    public static TheoryData<string> ValidNames => new(All.Where(c => c.Valid).Select(c => c.Name));

    public byte[] WireBytes => Encoding.UTF8.GetBytes(Wire);

    private static JsonSerializerOptions JsonOptions => new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static VectorCase Named(string name) => All.Single(c => c.Name == name);

    public static byte[] Key(string algorithm, string member) =>
        System.Buffers.Text.Base64Url.DecodeFromChars(Document.GetProperty("keys").GetProperty(algorithm).GetProperty(member).GetString());

    public override string ToString() => Name;
}
