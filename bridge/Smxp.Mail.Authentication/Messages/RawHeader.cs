using System.Text;

namespace Smxp.Mail.Authentication.Messages;

/// <summary>A header field as it came: every octet, folds included, without the line end that closes it.</summary>
/// <param name="Name">The field's name, without the white space that may stand before the colon.</param>
/// <param name="Bytes">The whole field.</param>
internal sealed record RawHeader(string Name, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What follows the colon, folds included; octets beyond UTF-8 become replacement characters.</summary>
    public string Value
    {
        get
        {
            var bytes = Bytes.Span;
            return Encoding.UTF8.GetString(bytes[(bytes.IndexOf((byte)':') + 1)..]);
        }
    }

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public static RawHeader? TryRead(ReadOnlyMemory<byte> field)
    {
        int colon = field.Span.IndexOf((byte)':');
        if (colon <= 0) return null;
        string name = Encoding.Latin1.GetString(field.Span[..colon]).TrimEnd(' ', '\t');
        foreach (char c in name)
        {
            if (c is <= ' ' or > '~') return null;
        }

        return name.Length == 0 ? null : new RawHeader(name, field);
    }
}
