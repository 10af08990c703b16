namespace Smxp.Mail.Smtp.Data;

/// <summary>Tells the octets of a mail from what carries them.</summary>
internal interface IContentDecoder
{
    /// <summary>Whether all that it is to take was taken.</summary>
    bool Ended { get; }

    /// <summary>Takes from the front of the input; it need not take all.</summary>
    /// <param name="input">What arrived; not empty.</param>
    /// <param name="content">Which of it belongs to the mail.</param>
    /// <returns>How many bytes were taken, at least one.</returns>
    int Take(ReadOnlySpan<byte> input, out Range content);
}
