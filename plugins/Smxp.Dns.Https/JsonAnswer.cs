using System.Text.Json;
using System.Text.Json.Serialization;
using Smxp.Dns.Wire;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.Https;

/// <summary>Reads the JSON form of an answer: <c>{"Status":0,"AD":false,"Question":[…],"Answer":[{"name","type","TTL","data"}]}</c>.</summary>
internal static class JsonAnswer
{
    /// <exception cref="FormatException">The text is not an answer, or not to this question.</exception>
    public static DnsResponse Read(ReadOnlySpan<byte> utf8, DnsQuestion question)
    {
        Body? body;
        try
        {
            body = JsonSerializer.Deserialize(utf8, JsonAnswerContext.Default.Body);
        }
        catch (JsonException)
        {
            throw new FormatException("the answer is not DNS JSON");
        }
        if (body?.Status is null) throw new FormatException("the answer is not DNS JSON");
        if (body.TC == true) throw new FormatException("the answer is truncated");
        // Not every server repeats the question; one that does must repeat ours.
        bool isOther = body.Question is [{ Name: not null } asked, ..] && (DnsName.Normalize(asked.Name) != DnsName.Normalize(question.Name) || (asked.Type is { } type && type != (int)question.Type));
        if (isOther) throw new FormatException("the answer is to another question");
        return new DnsResponse(body.Status.Value, body.AD == true, Read(body.Answer), Read(body.Authority));
    }

    private static List<ResourceRecord> Read(List<Item>? items) => [.. (items ?? []).Where(item => item is { Name: not null, Type: not null, Data: not null }).Select(Read)];

    private static ResourceRecord Read(Item item)
    {
        int type = item.Type!.Value;
        uint timeToLive = item.TTL is >= 0 and <= int.MaxValue ? (uint)item.TTL : 0;
        string owner = DnsName.Normalize(item.Name!);
        // RFC 2308 §5: the last field of the SOA bounds how long "no" is kept.
        if (type == ResourceRecord.Soa && uint.TryParse(item.Data!.Split(' ')[^1], out uint minimum)) timeToLive = Math.Min(timeToLive, minimum);
        try
        {
            return new ResourceRecord(owner, type, timeToLive, RecordText.Read(type, item.Data!));
        }
        catch (FormatException)
        {
            return new ResourceRecord(owner, type, timeToLive, null, IsMalformed: true);
        }
    }

    internal sealed record Body(int? Status, bool? TC, bool? AD, List<Item>? Question, List<Item>? Answer, List<Item>? Authority);

    internal sealed record Item(
        [property: JsonPropertyName("name")] string? Name,
        [property: JsonPropertyName("type")] int? Type,
        [property: JsonPropertyName("data")] string? Data,
        long? TTL);
}

[JsonSerializable(typeof(JsonAnswer.Body))]
internal sealed partial class JsonAnswerContext : JsonSerializerContext;
