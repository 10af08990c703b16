namespace Smxp.Mail.Smtp.Data;

/// <summary>Takes one BDAT chunk: so many octets, all of them the mail's (RFC 3030 §2).</summary>
internal sealed class ChunkDecoder(ContentRules rules, long length) : IContentDecoder
{
    private long _left = length;

    public bool Ended => _left == 0;

    public int Take(ReadOnlySpan<byte> input, out Range content)
    {
        int taken = (int)Math.Min(_left, input.Length);
        _left -= taken;
        rules.Take(input[..taken]);
        content = 0..taken;
        return taken;
    }
}
