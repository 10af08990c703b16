namespace Smxp.Host.Doctor;

/// <summary>Writes records as a zone file has them (RFC 1035 §5.1), so that they can be copied into one.</summary>
internal static class Zone
{
    private const int LongestString = 255;

    public static string Line(string name, string type, string value) => $"{name}. IN {type} {(type == "TXT" ? Quote(value) : value)}";

    // RFC 1035 §3.3.14: a string of TXT has 255 octets at most; longer ones are several.
    private static string Quote(string text) =>
        string.Join(' ', text.Chunk(LongestString).Select(static part => $"\"{new string(part).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
}
