namespace Smxp.Protocol;

/// <summary>The content id of an envelope (SMXP §3): base64url of SHA-256 over the compact JSON array of what the message says.</summary>
public static class ContentId
{
    /// <summary>The id the envelope must have.</summary>
    public static string Compute(Envelope envelope) => throw new NotImplementedException();
}
