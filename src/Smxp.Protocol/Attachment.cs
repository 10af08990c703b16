using System.Text.Json;

namespace Smxp.Protocol;

/// <summary>A file beside a message: where its bytes are, what they are, and how to read them (SMXP §4). Members in wire order.</summary>
public sealed record Attachment
{
    /// <summary>The blob's id on its host, <c>blob_…</c>.</summary>
    public required string BlobId { get; init; }

    /// <summary>The domain whose SMXP endpoint serves the bytes (or, with <see cref="Port"/>, the host name itself).</summary>
    public required string Host { get; init; }

    /// <summary>SHA-256 of the stored (encrypted) bytes, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many bytes are stored.</summary>
    public required long Size { get; init; }

    /// <summary>The file's name.</summary>
    public string? Name { get; init; }

    /// <summary>The file's media type, e.g. <c>application/pdf</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary><c>attachment</c> (what absent means), <c>inline</c> or <c>embedded</c>.</summary>
    public string? Disposition { get; init; }

    /// <summary>The port to ask, where <see cref="Host"/> is a host name and not a domain.</summary>
    public int? Port { get; init; }

    /// <summary>The capability that lets its holder fetch the bytes, <c>blt_…</c>.</summary>
    public string? DownloadToken { get; init; }

    /// <summary>How the stored bytes are encrypted; null where they are plain.</summary>
    public BlobEncryption? Encryption { get; init; }

    /// <summary>A preview: <c>{data, content_type, width?, height?}</c>, and whatever else its maker put in.</summary>
    public JsonElement? Thumbnail { get; init; }

    /// <summary>What a receiver would find wrong with this attachment, in words for whoever made it; null where it would take it (SMXP §4).</summary>
    public string? FindProblem() => AttachmentReader.FindProblem(this);
}

/// <summary>The keys to an encrypted blob (SMXP §4). Members in wire order.</summary>
public sealed record BlobEncryption
{
    /// <summary>The only algorithm there is.</summary>
    public const string Aes256Gcm = "AES-256-GCM";

    /// <summary><c>AES-256-GCM</c>.</summary>
    public string Algorithm { get; init; } = Aes256Gcm;

    /// <summary>32 bytes, base64url.</summary>
    public required string Key { get; init; }

    /// <summary>8 bytes, base64url.</summary>
    public required string NoncePrefix { get; init; }

    /// <summary>Bytes of plaintext in each piece but the last, more than 0.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Bytes of plaintext in all.</summary>
    public required long PlaintextSize { get; init; }

    /// <summary>SHA-256 of the plaintext, 64 lower-case hex digits.</summary>
    public string? PlaintextSha256 { get; init; }
}
